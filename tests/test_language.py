"""English is told from other languages by its small words."""

from __future__ import annotations

import pytest

from graphmem.extract.language import is_english

OTHERS = {
    "German": "Meine Schwester wohnt seit drei Jahren in einem kleinen Haus bei Bremen.",
    "French": "Ma sœur habite depuis trois ans dans une petite maison près de Lyon.",
    "Spanish": "Mi hermana vive desde hace tres años en una casa pequeña cerca de Murcia.",
    "Portuguese": "A minha irmã mora há três anos em uma casa pequena perto do Porto.",
    "Italian": "Mia sorella abita da tre anni in una piccola casa vicino a Bari con il suo cane.",
    "Dutch": "Mijn zus woont al drie jaar in een klein huis bij Utrecht met haar man.",
    "Swedish": "Min syster har bott i tre år i ett litet hus och arbetar på en skola.",
    "Norwegian": "Søsteren min bor i et lite hus ved sjøen og jobber på en skole.",
    "Polish": "Moja siostra mieszka od trzech lat w małym domu i nie ma samochodu.",
    "Romanian": "Sora mea locuiește de trei ani într-o casă mică din Iași și este fericită.",
    "Turkish": "Kız kardeşim üç yıldır küçük bir evde yaşıyor ve çok mutlu.",
    "Indonesian": "Kakak saya tinggal di rumah kecil dengan suami dan anaknya yang lucu.",
    "Greek": "Η αδελφή μου μένει στη Λάρισα.",
    "Ukrainian": "Моя сестра живе у Львові.",
    "Arabic": "أختي تسكن في بيت صغير.",
    "Hindi": "मेरी बहन दिल्ली में रहती है।",
    "Chinese": "我姐姐住在一座小房子里。",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_languages_are_told_apart(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "merci, see you tomorrow",
        "C'est la vie!",
        "Gracias amigo",
        "She studied at the Universidade de São Paulo and at the École des Beaux-Arts.",
        "He sang O Sole Mio and La donna è mobile to us.",
        "Die Zeit and Der Spiegel wrote about it.",
        "Her abuela makes arroz con pollo for us every Sunday.",
        "Müller, Łukasz, Søren and Zoë came too.",
        "We flew from Rio de Janeiro to Buenos Aires with João.",
        "omg he is SO cute",
        "Ana de la Cruz married Óscar de los Santos van der Berg.",
        "She told me: 'Ich liebe dich', and then she left.",
        "Tokyo is written 東京 there.",
    ],
)
def test_a_few_foreign_words_do_not_count(text: str) -> None:
    assert is_english(text)
