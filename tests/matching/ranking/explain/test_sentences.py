"""What a person reads, in both languages."""

from services.matching.ranking import Round, ShortlistIndex, Ticket
from shared.contracts.base import LocalizedText
from tests.matching.ranking.factories import firm, fund, lab, need, offer

LABELS = {"ict-photonics/photonics": LocalizedText(it="Fotonica", en="Photonics")}


def reasons(viewer, partner, mode):
    (suggestion,) = ShortlistIndex([viewer, partner], labels=LABELS).shortlist(viewer.id)[mode]
    return suggestion.reasons


def test_r2b_names_titles_levels_topics_and_place_from_either_side():
    topics = frozenset({"ict-photonics/photonics", "own/unlisted"})
    research = lab("r", topics=topics, offers=(offer("Laser welding of hulls", nature="research", trl=4),))
    yard = firm("y", topics=topics, needs=(need("Welding hulls by laser", nature="product", trl=6),))
    italian, english = reasons(research, yard, "r2b")
    assert english == (
        "Your offer “Laser welding of hulls” may answer their need “Welding hulls by laser” (TRL 4 offered, 6 sought). "
        "Shared topics: Photonics; own/unlisted. Same province."
    )
    assert italian == (
        "La vostra offerta «Laser welding of hulls» può rispondere alla loro esigenza «Welding hulls by laser» "
        "(TRL 4 offerto, 6 cercato). Temi in comune: Fotonica; own/unlisted. Stessa provincia."
    )
    italian, english = reasons(yard, research, "r2b")
    assert english.startswith(
        "Their offer “Laser welding of hulls” may answer your need “Welding hulls by laser” (TRL 4 offered, 6"
    )
    assert italian.startswith(
        "La loro offerta «Laser welding of hulls» può rispondere alla vostra esigenza «Welding hulls by laser»"
    )


def test_r2b_says_when_two_work_in_related_fields():
    research = lab("r", offers=(offer("Graphene coating", nature="research"),))
    italian, english = reasons(research, firm("y", offers=(offer("Coating by graphene"),), nuts3="ITI17"), "r2b")
    assert english == "You work in related fields: you on “Graphene coating”, they on “Coating by graphene”. Same region."
    assert italian == "Siete attivi in ambiti vicini: voi con «Graphene coating», loro con «Coating by graphene». Stessa regione."


def test_f2b_names_ticket_stages_and_round():
    lender = fund("c", offers=(offer("Fondo Alfa", nature="capital", ticket=Ticket(("seed", "growth"), 100_000, 1_500_000)),))
    seeker = firm("f", needs=(need("Primo round", nature="capital", round=Round("seed", 400_000)),), nuts3=None)
    italian, english = reasons(seeker, lender, "f2b")
    assert english == (
        "Their capital offer “Fondo Alfa” (from EUR 100,000, up to EUR 1,500,000, stages: seed/growth) "
        "may serve your need “Primo round” (EUR 400,000, stage: seed)."
    )
    assert italian == (
        "La loro offerta di capitale «Fondo Alfa» (da 100.000 euro, fino a 1.500.000 euro, fasi: seed/crescita) "
        "può servire la vostra esigenza «Primo round» (400.000 euro, fase: seed)."
    )
    assert reasons(lender, seeker, "f2b")[1].startswith("Your capital offer “Fondo Alfa” (from EUR 100,000")


def test_a_ticket_of_one_amount_is_said_once():
    lender = fund("c", offers=(offer("Fondo Alfa", nature="capital", ticket=Ticket((), 100_000, 100_000)),))
    seeker = firm("f", needs=(need("Primo round", nature="capital", round=Round(None, 100_000)),))
    assert "“Fondo Alfa” (EUR 100,000) may" in reasons(seeker, lender, "f2b")[1]


def test_b2b_says_both_directions_and_the_supply_chain():
    yard = firm("y", kind="large-firm", offers=(offer("Yacht hulls"),), needs=(need("Graphene coating"),), nuts3=None)
    italian, english = reasons(yard, firm("s", offers=(offer("Coating by graphene"),), needs=(need("Hulls of a yacht"),)), "b2b")
    assert english == (
        "Their offer “Coating by graphene” may answer your need “Graphene coating”. "
        "Your offer “Yacht hulls” may answer their need “Hulls of a yacht”. "
        "A large firm and a smaller one: a possible supply chain."
    )
    assert italian.endswith("Una grande impresa e una più piccola: possibile filiera.")


def test_of_many_topics_some_are_named_and_the_rest_counted():
    topics = frozenset(f"own/topic-{number}" for number in range(7))
    italian, english = reasons(firm("a", topics=topics, nuts3=None), firm("b", topics=topics), "b2b")
    assert english.endswith("own/topic-4; and 2 more.")
    assert italian.endswith("own/topic-4; e 2 in più.")


def test_a_long_title_is_cut_in_the_sentence():
    long = "laser " * 40
    _, english = reasons(firm("a", needs=(need(long),)), firm("b", offers=(offer("laser"),)), "b2b")
    assert "laser…”" in english
    assert len(english) < 300
