// tenant.cypher: each group_id has one place for its revision and its embedding model
CREATE CONSTRAINT graphmem_tenant IF NOT EXISTS FOR (tenant:GraphmemTenant) REQUIRE tenant.group_id IS UNIQUE
