"""What English words tell of gender, number and kind, so that a pronoun or a description can agree with a name."""

from __future__ import annotations

from graphmem.model import EntityType

FIRST = frozenset({"i", "me", "my", "mine", "myself"})
PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})
SECOND = frozenset({"you", "your", "yours", "yourself"})
HE = frozenset({"he", "him", "his", "himself"})
SHE = frozenset({"she", "her", "hers", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
REFLEXIVE = frozenset({"myself", "yourself", "himself", "herself", "itself", "themselves", "ourselves"})
RELATIVES = frozenset(
    """
    wife husband spouse partner girlfriend boyfriend fiancé fiancée fiance fiancee son daughter child sister
    brother sibling mother father mom mum dad parent grandmother grandfather grandma grandpa grandson
    granddaughter aunt uncle niece nephew cousin stepfather stepmother stepson stepdaughter twin friend boss
    colleague neighbor neighbour roommate teacher mentor student coach doctor assistant manager employer
    therapist
    """.split()  # noqa: SIM905
)
"""Nouns for people by whom they belong to."""
FEMALE = frozenset(
    """
    mrs ms miss dame queen princess lady aunt auntie grandma grandmother granddaughter sister mother mom mum
    daughter wife girlfriend niece stepmother stepdaughter actress duchess baroness countess empress heroine
    waitress businesswoman spokeswoman congresswoman chairwoman policewoman fiancée fiancee widow woman girl
    bride nun goddess
    """.split()  # noqa: SIM905
)
MALE = frozenset(
    """
    mr sir king prince lord uncle grandpa grandfather grandson brother father dad son husband boyfriend nephew
    stepfather stepson duke baron count emperor businessman spokesman congressman chairman policeman fireman
    fiancé fiance widower man boy gentleman groom monk
    """.split()  # noqa: SIM905
)
PEOPLE = (
    frozenset(
        """
        accountant activist actor admiral adviser advisor analyst anthropologist archaeologist architect artist
        astronaut astronomer athlete attorney author baker banker baritone bassist bishop biologist blogger
        botanist boxer builder bishop captain cardinal carpenter cellist champion chef chemist choreographer cleric
        comedian commander commissioner composer conductor cook councillor counsellor critic cricketer cyclist
        dancer dean dentist designer developer diplomat director driver drummer economist editor educator
        electrician engineer engraver entrepreneur essayist executive explorer farmer fisherman footballer founder
        gardener general geologist goalkeeper golfer governor guitarist gymnast hairdresser historian illustrator
        inventor investor janitor jockey journalist judge jurist keyboardist lawyer lecturer lexicographer librarian
        linguist linebacker manager mathematician mayor mechanic merchant midfielder minister missionary model
        musician naturalist navigator novelist nurse nutritionist officer painter paramedic pastor pharmacist
        philanthropist philosopher photographer physician physicist pianist pilot plumber poet politician porter
        postman potter premier presenter president priest principal prisoner producer professor programmer
        psychiatrist psychologist publicist publisher quarterback rabbi rapper receptionist reporter researcher
        runner sailor saxophonist scholar scientist screenwriter sculptor secretary senator sergeant shopkeeper
        singer skater skier skipper sociologist soldier solicitor songwriter soprano sportswriter statesman
        statistician surgeon surveyor swimmer tailor tenor theologian translator treasurer trumpeter tutor
        veterinarian vicar vet violinist volunteer waiter winner wrestler writer zoologist
        guest visitor patient passenger customer client tenant witness victim suspect student pupil baby kid
        teenager youth stranger person member leader heir heiress successor predecessor deputy
        """.split()  # noqa: SIM905
    )
    | RELATIVES
    | FEMALE
    | MALE
) - {"mr", "mrs", "ms", "miss", "sir"}
"""Nouns for one human being."""

_ROLES = (
    frozenset(
        """
        guest visitor patient passenger customer client tenant witness victim suspect student pupil baby kid member
        person leader heir heiress successor predecessor deputy winner champion founder developer publisher producer
        publicist supplier distributor designer model investor builder driver runner porter explorer navigator tenor
        soprano baritone principal premier minister cook count baron monk general cardinal programmer
        """.split()  # noqa: SIM905
    )
    | RELATIVES
)
"""Nouns for people that may stand for things or companies as well, or tell nothing of who one is."""

_ALIKE = (
    "company firm corporation business manufacturer enterprise startup start-up conglomerate retailer supplier",
    "band group duo trio quartet quintet",
    "team club side squad franchise",
    "university college",
    "school academy",
    "institute",
    "organization organisation charity foundation association nonprofit ngo",
    "film movie comedy drama thriller documentary",
    "book novel memoir autobiography biography",
    "song single track",
    "album record",
    "city town village municipality settlement",
    "country nation republic kingdom",
    "newspaper daily tabloid",
    "series show programme program sitcom",
    "game videogame",
    "aircraft airplane aeroplane plane",
    "ship vessel",
    "road highway motorway",
)
_KIND: dict[str, str] = {word: group.split()[0] for group in _ALIKE for word in group.split()}
_TYPED: dict[str, EntityType] = {
    **dict.fromkeys("company firm corporation startup start-up organization organisation charity".split(), "ORG"),  # noqa: SIM905
    **dict.fromkeys("university college school hospital museum bank newspaper airline agency".split(), "ORG"),  # noqa: SIM905
    **dict.fromkeys("band team club".split(), "ORG"),  # noqa: SIM905
    **dict.fromkeys("city town village country island".split(), "LOC"),  # noqa: SIM905
}
_THINGS = frozenset(
    """
    episode season river lake mountain bridge building church airport station road street park district county region
    province state league law act treaty battle war award prize magazine website language disease species genus plant
    title brand product engine car opera play poem story mount sea ocean valley volcano desert forest castle
    """.split()  # noqa: SIM905
)
_NO_MAN = frozenset({"human", "german", "roman", "talisman", "ottoman", "shaman", "caiman", "norman"})
_COLLECTIVE = frozenset({"company", "band", "team"})


def kind(noun: str) -> str:
    """The word that stands for all nouns of one kind: "firm" and "company" may describe the same thing."""
    return _KIND.get(noun, noun)


def type_of(noun: str) -> EntityType | None:
    """The type of entity that a noun describes, where the noun alone tells."""
    return _TYPED.get(noun)


def collective(noun: str) -> bool:
    """May "they" follow the noun in the singular: "the band ... they"?"""
    return kind(noun) in _COLLECTIVE


def gender_of(noun: str) -> str | None:
    """Whether a noun or title is for a woman ("f") or a man ("m")."""
    return "f" if noun in FEMALE else "m" if noun in MALE else None


def profession(noun: str) -> bool:
    """Is only a person called so: a poet, a nurse?"""
    return noun in PEOPLE and noun not in _ROLES


def thing(noun: str) -> bool:
    """Is no person called so: a film, a town?"""
    return noun in _KIND or noun in _TYPED or noun in _THINGS


def human(noun: str) -> bool:
    """Does a noun stand for one human being?"""
    return noun in PEOPLE or noun.endswith(("woman", "ologist")) or (noun.endswith("man") and noun not in _NO_MAN)
