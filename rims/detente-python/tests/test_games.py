"""Games: solved, checked, handed to Gambit and back."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente

GAMES = Path("crates/detente-games/games")


def test_an_equilibrium_and_its_certificate() -> None:
    game = detente.Game.read(GAMES / "crisis-signalling.efg")
    assert game.players == ["Government", "Target"]
    solution = game.solve()
    assert solution.complete and len(solution) == 1
    found = solution[0]
    assert found.certificate.holds and found.certificate.nash_conv == [0.0, 0.0]
    for does, set in zip(found.strategy, game.sets):
        assert list(does) == list(set.actions) and abs(sum(does.values()) - 1) < 1e-9
    assert found.beliefs[1] == pytest.approx([2 / 3, 1 / 3])
    assert game.beliefs() == found.beliefs
    assert game.certificate(found).holds
    assert "resist" in " ".join(found.story)
    for shown in (game, found, solution):
        assert "<table" in shown._repr_html_() and repr(shown)


def test_a_profile_of_ones_own() -> None:
    game = detente.Game.read(GAMES / "crisis-signalling.efg")
    own = [dict(does) for does in game.solve()[0].strategy]
    first = next(iter(own[0]))
    own[0] = {first: 1.0}
    certificate = game.certificate(own)
    assert not certificate.holds and max(certificate.nash_conv) > 0
    with pytest.raises(detente.BadCall, match="did you mean"):
        game.certificate([{first + "x": 1.0}, *own[1:]])
    with pytest.raises(detente.BadCall, match="information sets"):
        game.certificate(own[1:])
    with pytest.raises(detente.BadCall, match="no probability"):
        game.certificate([{first: 2.0}, *own[1:]])
    with pytest.raises(detente.BadCall, match="add up"):
        game.certificate([{first: 0.5}, *own[1:]])


def test_text_in_hand_and_its_faults() -> None:
    text = (GAMES / "horse.efg").read_text(encoding="utf-8")
    game = detente.Game.read(text)
    assert detente.Game.read(game.to_efg()).solve().json() == game.solve().json()
    with pytest.raises(detente.GameError) as caught:
        detente.Game.read(text.replace("}", "", 3))
    assert caught.value.faults and caught.value.faults[0].line
    with pytest.raises(detente.GameError, match="did you mean .*horse.efg"):
        detente.Game.read(GAMES / "hrse.efg")
    with pytest.raises(detente.BadCall, match="absent-minded"):
        detente.Game.read(GAMES / "absent-minded-driver.efg").solve()


@pytest.mark.parametrize("name", ["beer-quiche", "horse", "crisis-signalling"])
def test_to_gambit_and_back(name: str) -> None:
    pytest.importorskip("pygambit")
    game = detente.Game.read(GAMES / f"{name}.efg")
    theirs = game.to_pygambit()
    assert [getattr(player, "label", player) for player in theirs.players] == game.players
    back = detente.Game.from_pygambit(theirs)
    ours = game.solve()
    for mine, other in zip(ours, back.solve()):
        assert mine.value == pytest.approx(other.value)
    assert len(ours) == len(back.solve())
