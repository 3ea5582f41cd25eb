"""Games in extensive form: equilibria with beliefs, certified."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Union

from . import _detente, _html
from ._errors import BadCall, absent
from ._progress import Progress, close, told

_REGRET = 1e-6
_TREMBLE = 1e-9

Profile = Sequence[Union[Mapping[str, float], Sequence[float]]]
"""What players do: for each of :attr:`Game.sets` the probability of each action, by its label or in order."""


@dataclass(frozen=True)
class InfoSet:
    """An information set of a game."""

    player: Optional[str]
    """Whose it is."""
    number: int
    """Its number."""
    label: str
    """What it is called; may be empty."""
    actions: Sequence[str]
    """What can be done there."""


class Certificate:
    """What an independent check finds an answer to be: how far each player is from a best response, at every information set."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self.data = data
        """All of it, as docs/json.md has it."""

    @property
    def verdict(self) -> str:
        """``sequential``, ``inconsistent``, ``nash only``, ``not an equilibrium`` or ``malformed``."""
        return str(self.data["verdict"])

    @property
    def finding(self) -> str:
        """The same in words."""
        return str(self.data["finding"])

    @property
    def value(self) -> List[float]:
        """By player: the expected payoff."""
        return list(self.data["value"])

    @property
    def nash_conv(self) -> List[float]:
        """By player: what a best response would gain."""
        return list(self.data["nash_conv"])

    @property
    def regret(self) -> List[float]:
        """By player: the largest regret at an information set, as a share of what is at stake there."""
        return list(self.data["regret"])

    @property
    def holds(self) -> bool:
        """Is the answer a sequential equilibrium?"""
        return self.verdict == "sequential"

    def __repr__(self) -> str:
        return f"<detente.Certificate: {self.verdict}; {self.finding}>"


class Equilibrium:
    """An answer to a game: what is done and believed at each information set, with its certificate."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self.data = data
        """All of it, as docs/json.md has it."""

    @property
    def strategy(self) -> List[Dict[str, float]]:
        """At each information set: the probability of each action."""
        return [{action["label"]: action["probability"] for action in set["actions"]} for set in self.data["sets"]]

    @property
    def tremble(self) -> List[List[float]]:
        """At each information set: the logarithm of each action's probability in the completely mixed profile that beliefs come from."""
        return [[action["log_tremble"] for action in set["actions"]] for set in self.data["sets"]]

    @property
    def beliefs(self) -> List[List[float]]:
        """At each information set: the probability of each of its nodes."""
        return [[node["belief"] for node in set["nodes"]] for set in self.data["sets"]]

    @property
    def value(self) -> List[float]:
        """By player: the expected payoff."""
        return list(self.data["value"])

    @property
    def endings(self) -> Dict[str, float]:
        """How plays end, likeliest first."""
        return {ending["label"]: ending["probability"] for ending in self.data["endings"]}

    @property
    def certificate(self) -> Certificate:
        """What an independent check finds."""
        return Certificate(self.data)

    @property
    def story(self) -> List[str]:
        """A sentence an information set, on what is done and believed."""
        return [str(set["sentence"]) for set in self.data["sets"]]

    def __repr__(self) -> str:
        return "\n".join([self.certificate.finding, *self.story])

    def _repr_html_(self) -> str:
        rows = [
            (
                str(set["label"] or set["number"]),
                ", ".join(f"{action['label']} {action['probability']:.3f}" for action in set["actions"]),
                ", ".join(f"{belief['hidden']} {belief['after']:.3f}" for belief in set["beliefs"]),
                str(set["sentence"]),
            )
            for set in self.data["sets"]
        ]
        return _html.piece(_html.table(("information set", "does", "believes", ""), rows, self.certificate.finding))


class Solution(Sequence[Equilibrium]):
    """The equilibria of a game that were found and hold."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.data: Dict[str, Any] = json.loads(text)
        """All of it, as docs/json.md has it."""
        self._all = [Equilibrium(one) for one in self.data["equilibria"]]

    def json(self) -> str:
        """Byte for byte what ``detente solve --json`` prints."""
        return self._text

    @property
    def complete(self) -> bool:
        """Are these all there are, as far as play on the path goes?"""
        return bool(self.data["complete"])

    @property
    def rejected(self) -> List[Equilibrium]:
        """Answers that failed their certificates, with what is wrong with them."""
        return [Equilibrium(one) for one in self.data["rejected"]]

    def __getitem__(self, key: Any) -> Any:
        return self._all[key]

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __repr__(self) -> str:
        all_of_them = ", all there are" if self.complete else ""
        return f"<detente.Solution: {len(self)} equilibria{all_of_them}>"

    def _repr_html_(self) -> str:
        return "".join(equilibrium._repr_html_() for equilibrium in self._all)


class Game:
    """A game in extensive form, or a table.

    >>> import detente
    >>> game = detente.Game.read("crates/detente-games/games/crisis-signalling.efg")
    >>> game.solve()
    <detente.Solution: 1 equilibria, all there are>
    """

    def __init__(self, core: _detente.GameCore) -> None:
        self._core = core
        self._facts: Dict[str, Any] = json.loads(core.facts())

    @classmethod
    def read(cls, source: Union[str, "os.PathLike[str]"]) -> "Game":
        """Reads a game: a file (.efg, .nfg, .agg, .gbt, .xml), or its text.

        Raises :class:`GameError` with every fault, drawn as in the terminal.
        """
        if isinstance(source, str) and ("\n" in source or source.lstrip().startswith(("EFG ", "NFG ", "#AGG", "<"))):
            return cls.parse(source)
        return cls(_detente.GameCore.read(os.fspath(source)))

    @classmethod
    def parse(cls, text: str, name: str = "game") -> "Game":
        """A game of a text in hand."""
        return cls(_detente.GameCore.parse(text, name, text.lstrip().startswith("NFG")))

    @classmethod
    def from_pygambit(cls, game: Any) -> "Game":
        """A game of pygambit, by way of the format that both write."""
        if hasattr(game, "to_efg"):
            return cls.parse(str(game.to_efg()))
        return cls.parse(str(game.write("native" if game.is_tree else "nfg")))

    def to_pygambit(self) -> Any:
        """As a game of pygambit, which must be installed."""
        import io

        import pygambit

        text = self.to_efg()
        if hasattr(pygambit, "read_efg"):
            return pygambit.read_efg(io.StringIO(text))
        return pygambit.Game.parse_game(text)

    def to_efg(self) -> str:
        """As text in Gambit's extensive form."""
        return self._core.efg()

    def to_nfg(self) -> str:
        """As text in Gambit's table form, where it is a table."""
        return self._core.nfg()

    @property
    def title(self) -> str:
        """Its title."""
        return str(self._facts["title"])

    @property
    def players(self) -> List[str]:
        """Its players."""
        return list(self._facts["players"])

    @property
    def sets(self) -> List[InfoSet]:
        """Its information sets, in the order of every profile."""
        return [InfoSet(set["player"], set["number"], set["label"], tuple(set["actions"])) for set in self._facts["sets"]]

    @property
    def warnings(self) -> str:
        """What there is to say about its text, drawn as in the terminal."""
        return self._core.warnings

    def solve(
        self,
        *,
        tolerance: float = _REGRET,
        branch: bool = False,
        seconds: Optional[float] = None,
        progress: Progress = False,
    ) -> Solution:
        """Equilibria with beliefs at every information set, certified: what ``detente solve`` finds.

        ``branch`` follows the branch of quantal response however large the game is, ``seconds`` stops with what is certified by then.
        """
        telling = told(progress)
        try:
            return Solution(self._core.solve(tolerance, branch, seconds, telling))
        finally:
            close(telling)

    def certificate(self, profile: Union[Profile, Equilibrium], *, tolerance: float = _REGRET) -> Certificate:
        """What a profile amounts to. Where it is no equilibrium of :meth:`solve`, beliefs off the path come from small uniform trembles."""
        return Certificate(self._checked(profile, tolerance))

    def beliefs(self, profile: Union[Profile, Equilibrium, None] = None) -> List[List[float]]:
        """What is believed at each information set under a profile, by default the first equilibrium: the probability of each node."""
        if profile is None:
            found = self.solve()
            if not found:
                raise BadCall("no equilibrium was found; say under which profile")
            return found[0].beliefs  # type: ignore[no-any-return]
        return Equilibrium(self._checked(profile, _REGRET)).beliefs

    def _checked(self, profile: Union[Profile, Equilibrium], tolerance: float) -> Dict[str, Any]:
        sets = self.sets
        given: Profile = profile.strategy if isinstance(profile, Equilibrium) else profile
        if len(given) != len(sets):
            raise BadCall(f"a profile says for each of the {len(sets)} information sets what is done, not for {len(given)}")
        strategy: List[float] = []
        tremble: List[float] = []
        for place, (set, does) in enumerate(zip(sets, given)):
            if isinstance(does, Mapping):
                for label in does:
                    if label not in set.actions:
                        raise BadCall(f"at “{set.label or set.number}” " + absent("action", label, list(set.actions)))
                chances = [float(does.get(action, 0.0)) for action in set.actions]
            else:
                chances = [float(chance) for chance in does]
            if len(chances) != len(set.actions):
                raise BadCall(f"“{set.label or set.number}” has {len(set.actions)} actions, not {len(chances)}")
            strategy += chances
            if isinstance(profile, Equilibrium):
                tremble += profile.tremble[place]
            else:
                mixed = [(1 - _TREMBLE) * chance + _TREMBLE / len(chances) for chance in chances]
                tremble += [math.log(chance) if chance > 0 else float("nan") for chance in mixed]
        data: Dict[str, Any] = json.loads(self._core.certificate(strategy, tremble, tolerance))
        return data

    def __repr__(self) -> str:
        return f"<detente.Game “{self.title}”: {', '.join(self.players)}; {len(self.sets)} information sets>"

    def _repr_html_(self) -> str:
        rows = [(set.player or "", str(set.label or set.number), ", ".join(set.actions)) for set in self.sets]
        return _html.piece(_html.table(("player", "information set", "actions"), rows, self.title))

    def __getstate__(self) -> Dict[str, str]:
        return {"efg": self.to_efg()}

    def __setstate__(self, state: Dict[str, str]) -> None:
        self.__init__(_detente.GameCore.parse(state["efg"], "game", False))  # type: ignore[misc]
