"""Common first names in English texts that tell whether a woman or a man is meant."""

from __future__ import annotations

WOMEN = frozenset(
    """
    abigail ada agnes alice alicia amanda amelia amy ana andrea angela anita ann anna anne annie audrey barbara
    beatrice beth betty brenda camille carla carmen carol caroline catherine charlotte chloe christina christine
    cindy claire clara daisy deborah debra diana diane donna dorothy edith eleanor elena elizabeth ella ellen
    emily emma erin esther eva eve evelyn fiona florence frances gina gloria grace greta hannah harriet heather
    helen holly ida ingrid irene isabel isabella jane janet jean jennifer jenny jessica joan joanna josephine
    joyce judith judy julia julie karen kate katherine kathleen kelly kimberly kristen laura lauren leah lena
    lily linda lisa louise lucy margaret maria marie marta martha mary maya megan melanie melissa mia michelle
    mildred miriam molly monica nancy naomi natalie nina nora olga olivia pamela patricia paula pauline penelope
    priya rachel rebecca rita rosa rose ruth sally samantha sandra sara sarah sharon sofia sonia sophia sophie
    stella stephanie susan sylvia teresa theresa tina valerie vanessa vera veronica victoria violet virginia
    wendy yvonne zoe zoë
    """.split()  # noqa: SIM905
)
MEN = frozenset(
    """
    aaron adam adrian alan albert alex alexander alfred andrew anthony antonio arthur ben benjamin bernard bill
    bob brian bruce carl carlos charles christopher colin craig daniel dave david dennis derek diego donald
    douglas dylan edgar edmund edward elias eric ernest ethan eugene felix francis frank franz fred frederick
    gabriel gary geoffrey george gerald giovanni gordon graham greg gregory gustav hans harold harry hector
    henry herbert howard hugh hugo ian isaac ivan jack jacob jake james jason jeff jeffrey jeremy jim joe joel
    john johann jonathan jose joseph josh joshua juan julian karl keith kenneth kevin kurt larry lawrence leo
    leonard lewis liam louis lucas luis luke marco marcus mario mark martin matthew max michael miguel mike
    nathan neil nicholas nick noah oliver omar oscar otto patrick paul pedro peter philip pierre ralph raymond
    richard rob robert roger ronald roy ryan sam samuel scott sean sebastian simon stanley stefan stephen steve
    steven stuart ted theodore thomas tim timothy tom tony trevor victor vincent walter warren wayne wilhelm
    will william winston wolfgang xavier
    """.split()  # noqa: SIM905
)
