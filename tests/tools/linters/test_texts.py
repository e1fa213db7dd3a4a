"""The check of texts: each refusal, and code that passes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.linters.texts import check_pairs, check_texts

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
CHASSIS = {
    "shared/chassis/texts.py": """
class Message: ...
def text(key, /, **params): return Message(key, params)
""",
    "shared/chassis/errors.py": """
from shared.chassis.texts import text
class Refusal(Exception):
    def __init__(self, code, *errors, message=None, **params): ...
class NotFound(Refusal): ...
class Stale(Refusal):
    def __init__(self, expected): super().__init__("stale", expected=expected)
def overloaded(): return text("overloaded")
""",
}
TEXTS = {"stale": "{expected}", "overloaded": "..."}


def entry(key: str, phrase: str) -> str:
    return f'msgid "{key}"\nmsgstr "{phrase}"\n\n'


def catalogue(texts: Mapping[str, str]) -> str:
    return HEADER + "".join(entry(key, phrase) for key, phrase in texts.items())


def project(root: Path, code: str, italian: str, english: str) -> Path:
    """A chassis and one service with this code and these catalogues."""
    files = {
        **CHASSIS,
        "services/desk/__main__.py": "",
        "services/desk/rules.py": code,
        "services/desk/locale/it/LC_MESSAGES/messages.po": italian,
        "services/desk/locale/en/LC_MESSAGES/messages.po": english,
        "shared/chassis/locale/it/LC_MESSAGES/messages.po": catalogue(TEXTS),
        "shared/chassis/locale/en/LC_MESSAGES/messages.po": catalogue(TEXTS),
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def refused(root: Path, code: str, italian: Mapping[str, str], english: Mapping[str, str]) -> list[str]:
    findings = check_texts(project(root, code, catalogue(italian), catalogue(english)), [])
    return [f"{finding.path.name} {finding.word}: {finding.advice}" for finding in findings]


USES = "from shared.chassis.texts import text\ntext('full', room=1)\n"


def test_a_text_in_both_languages_with_the_parameters_that_code_passes_is_sound(tmp_path: Path) -> None:
    assert refused(tmp_path, USES, {"full": "{room} piena"}, {"full": "{room} full"}) == []


def test_a_key_that_no_catalogue_has_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, USES, {}, {}) == [
        "rules.py full: not in the catalogue in it: add it there",
        "rules.py full: not in the catalogue in en: add it there",
    ]


def test_a_key_that_one_language_lacks_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, USES, {"full": "{room}"}, {}) == [
        "messages.po full: missing in en: translate it",
        "rules.py full: not in the catalogue in en: add it there",
    ]


def test_an_entry_that_no_code_uses_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "", {"full": "piena"}, {"full": "full"}) == ["messages.po full: no code uses it: remove it"]


def test_an_empty_text_is_refused(tmp_path: Path) -> None:
    code = "from shared.chassis.texts import text\ntext('full')\n"
    assert refused(tmp_path, code, {"full": "piena"}, {"full": " "}) == [
        "messages.po full: an empty text: write it in this language"
    ]


def test_placeholders_that_differ_between_the_languages_are_refused(tmp_path: Path) -> None:
    findings = refused(tmp_path, USES, {"full": "{room} {day}"}, {"full": "{room}"})
    assert findings == ["messages.po full: {day} is not in en", "rules.py full: the text in it needs {day}"]


def test_placeholders_other_than_code_passes_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, USES, {"full": "piena"}, {"full": "full"}) == [
        "rules.py full: the text in it does not use {room}",
        "rules.py full: the text in en does not use {room}",
    ]


def test_a_plural_in_one_language_only_is_refused(tmp_path: Path) -> None:
    plural = 'msgid "seats"\nmsgid_plural "seats"\nmsgstr[0] "un posto"\nmsgstr[1] "{n} posti"\n'
    code = "from shared.chassis.texts import text\ntext('seats', n=2)\n"
    findings = [*check_texts(project(tmp_path, code, HEADER + plural, catalogue({"seats": "{n} seats"})), [])]
    assert {finding.advice for finding in findings} == {
        "singular and plural here, or in en, only",
        "singular and plural here, or in it, only",
    }


def test_a_plural_in_both_languages_is_sound(tmp_path: Path) -> None:
    italian = 'msgid "seats"\nmsgid_plural "seats"\nmsgstr[0] "un posto"\nmsgstr[1] "{n} posti"\n'
    english = 'msgid "seats"\nmsgid_plural "seats"\nmsgstr[0] "one seat"\nmsgstr[1] "{n} seats"\n'
    code = "from shared.chassis.texts import text\ntext('seats', n=2)\n"
    assert [*check_texts(project(tmp_path, code, HEADER + italian, HEADER + english), [])] == []


@pytest.mark.parametrize(
    "code",
    [
        "from shared.chassis.errors import Refusal\nRefusal('full', room=1)",
        "from shared.chassis.errors import NotFound\nNotFound(code='full', room=1)",
        "from shared.chassis import errors\nerrors.NotFound('full', room=1)",
        "from shared.chassis.errors import Refusal\nclass Own(Refusal): ...\nOwn('full', room=1)",
        "from shared.chassis.errors import Refusal\nclass Own(Refusal):\n def __init__(s): super().__init__('full', room=1)",
        "from shared.chassis.texts import Message\nMessage('full', {'room': 1})",
        "from shared.chassis.texts import text\ntext('full' if 1 else 'full', room=1)",
        "from shared.chassis.texts import text\ndef say(why, **params): return text(why, **params)\nsay('full', room=1)",
        "from shared.chassis.texts import text\ndef say(why): return text(why, room=1)\nsay('full')",
    ],
)
def test_every_way_to_name_a_key_is_seen(code: str, tmp_path: Path) -> None:
    sound = {"full": "{room}"}
    assert refused(tmp_path / "sound", code, sound, sound) == []
    lacking = refused(tmp_path / "missing", code, {}, {})
    assert set(lacking) == {f"rules.py full: not in the catalogue in {language}: add it there" for language in ("it", "en")}
    different = {"full": "{day}"}
    assert "rules.py full: the text in it needs {day}" in refused(tmp_path / "different", code, different, different)


@pytest.mark.parametrize(
    "code",
    [
        "from shared.chassis.texts import text\nKEYS = {1: 'full'}\ntext(KEYS[1])",
        "from shared.chassis.texts import text\ndef say(kind): return text(f'fu{kind}')",
        "from shared.chassis.texts import text\ndef say(**params): return text('full', **params)",
        "from shared.chassis.texts import Message\ndef say(params): return Message('full', params)",
    ],
)
def test_a_key_or_parameters_from_variables_pass(code: str, tmp_path: Path) -> None:
    assert refused(tmp_path, code, {"full": "{room}"}, {"full": "{room}"}) == []


def test_the_code_of_a_refusal_with_a_message_of_its_own_is_no_key(tmp_path: Path) -> None:
    code = "from shared.chassis.errors import Refusal\nfrom shared.chassis.texts import text\n"
    code += "Refusal('taken', message=text('full', room=1))"
    assert refused(tmp_path, code, {"full": "{room}"}, {"full": "{room}"}) == []


def test_a_service_may_use_the_texts_of_the_chassis(tmp_path: Path) -> None:
    assert refused(tmp_path, "from shared.chassis.texts import text\ntext('overloaded')", {}, {}) == []


@pytest.mark.parametrize(
    "pair",
    [
        "refuse(it='pieno', en='full')",
        "refuse(it=f'{room} piena', en=f'{room} full')",
        "refuse(it='uno' if n else 'due', en='one' if n else 'two')",
        "refuse(it='una ' 'parola', en='a ' + word)",
        "WORDS = {'it': 'pieno', 'en': 'full'}",
        "WORDS = {'it': {'full': 'pieno'}, 'en': {'full': 'full'}}",
        "WORDS = {'it': ('lun', 'mar'), 'en': ('Mon', 'Tue')}",
    ],
)
def test_a_pair_of_texts_in_code_is_refused_in_listed_areas(pair: str, tmp_path: Path) -> None:
    root = project(tmp_path, pair, HEADER, HEADER)
    assert [finding.path.name for finding in check_pairs(root, [root / "services"])] == ["rules.py"]
    assert [*check_pairs(root, [root / "shared"])] == []


@pytest.mark.parametrize(
    "code", ["text(it=topic, en=topic)", "refuse(it='solo')", "DAYS = {'it': 1, 'en': 2}", "f(it=f'{a}', en=f'{b}')"]
)
def test_what_is_no_literal_pair_passes(code: str, tmp_path: Path) -> None:
    root = project(tmp_path, code, HEADER, HEADER)
    assert [*check_pairs(root, [root])] == []


def test_contracts_may_publish_texts_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "shared/contracts").mkdir(parents=True)
    (tmp_path / "shared/contracts/taxonomy.py").write_text("topic(it='Moda', en='Fashion')")
    assert [*check_pairs(tmp_path, [tmp_path])] == []
