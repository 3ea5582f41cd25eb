"""Pygambit and OpenSpiel on the games of crates/detente-games/games, one thread each, as a Markdown table.

    python game_solvers.py [--limit SECONDS] [--detente FILE] [--only detente] [FILE.efg ...]

Every solver runs in a process of its own and is stopped after the limit. Times are of the solver alone, without reading the file; the
best of three where a run takes less than a second. Regrets are in units of payoff: for pygambit the largest gain of a player, or of
the agent at one information set that the profile reaches (it counts unreached ones as zero); for OpenSpiel NashConv, the sum over
players. Neither says anything of play off the path. The column for detente needs its program (--detente FILE): the whole process, reading,
every method that fits, certificates and printing, best of three; the number of certified equilibria, and the payoffs of the first.
"""

import argparse
import glob
import importlib.metadata
import json
import multiprocessing
import os
import subprocess
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

GAMES = os.path.join(os.path.dirname(__file__), "../../crates/detente-games/games/*.efg")
CFR_ITERATIONS = 1000
DCFR_ITERATIONS = 100  # written in Python


def timed(run):
    best = None
    for _ in range(3):
        start = time.perf_counter()
        result = run()
        seconds = time.perf_counter() - start
        best = seconds if best is None else min(best, seconds)
        if seconds > 1:
            break
    return best, result


def payoffs(game, profile):
    return "(" + ", ".join(f"{float(profile.payoff(player)):.4g}" for player in game.players) + ")"


def gambit(path, solver):
    import pygambit

    game = pygambit.read_efg(path)
    nash = pygambit.nash
    runs = {
        "logit": lambda: nash.logit_solve(game),
        "lcp": lambda: nash.lcp_solve(game, rational=False),
        "lcp exact": lambda: nash.lcp_solve(game, rational=True),
        "enumpoly": lambda: nash.enumpoly_solve(game),
    }
    seconds, result = timed(runs[solver])
    found = result.equilibria
    if not found:
        return f"{seconds:.3g} s, none"
    if solver == "enumpoly":
        return f"{seconds:.3g} s, {len(found)} found"
    regret = max(float(found[0].max_regret()), float(found[0].agent_max_regret()))
    return f"{seconds:.3g} s, {regret:.0e}, {payoffs(game, found[0])}"


def openspiel(path, solver):
    import pyspiel

    game = pyspiel.load_game("efg_game", {"filename": path})

    def run():
        if solver == "CFR+":
            it = pyspiel.CFRPlusSolver(game)
            for _ in range(CFR_ITERATIONS):
                it.evaluate_and_update_policy()
            return it.tabular_average_policy()
        from open_spiel.python.algorithms import discounted_cfr

        it = discounted_cfr.DCFRSolver(game)
        for _ in range(DCFR_ITERATIONS):
            it.evaluate_and_update_policy()
        from open_spiel.python import policy

        return policy.python_policy_to_pyspiel_policy(it.average_policy())

    seconds, average = timed(run)
    return f"{seconds:.3g} s, {pyspiel.nash_conv(game, average):.0e}"


def detente(path, program):
    def run():
        done = subprocess.run([program, "solve", path, "--json"], capture_output=True, check=False)
        return json.loads(done.stdout)

    seconds, result = timed(run)
    found = result["equilibria"]
    if not found:
        return f"{seconds:.3g} s, none certified"
    first = "(" + ", ".join(f"{value:.4g}" for value in found[0]["value"]) + ")"
    return f"{seconds:.3g} s, {len(found)} certified, {first}"


def child(task, path, solver, pipe):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        pipe.send(task(path, solver))
    except Exception as error:  # what a solver refuses is a result
        pipe.send("refused" if "only" in str(error) or "2-player" in str(error) else "error")


def limited(task, path, solver, limit):
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=child, args=(task, path, solver, there))
    process.start()
    there.close()
    answer = f"> {limit:g} s"
    if here.poll(limit):
        try:
            answer = here.recv()
        except EOFError:
            answer = "crashed"
    process.kill()
    process.join()
    return answer


def shape(path):
    import pygambit

    game = pygambit.read_efg(path)
    return len(list(game.nodes)), len(game.players), game.is_perfect_recall


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--limit", type=float, default=20)
    arguments.add_argument("--detente")
    arguments.add_argument("--only", choices=["detente"])
    arguments.add_argument("files", nargs="*")
    arguments = arguments.parse_args()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("pygambit", "open_spiel"))
    print(f"{versions}; limit {arguments.limit:g} s; OpenSpiel CFR+ {CFR_ITERATIONS} iterations, DCFR (Python) {DCFR_ITERATIONS}\n")
    columns = ["game", "nodes", "detente", "logit", "lcp", "lcp exact", "enumpoly", "CFR+", "DCFR"]
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for path in sorted(arguments.files or glob.glob(GAMES)):
        nodes, players, recall = shape(path)
        if not recall:
            continue
        row = [os.path.basename(path).removesuffix(".efg"), str(nodes), ""]
        if arguments.detente:
            row[-1] = detente(path, arguments.detente)
        if arguments.only:
            print("| " + " | ".join(row) + " |", flush=True)
            continue
        for task, solver in [
            (gambit, "logit"),
            (gambit, "lcp"),
            (gambit, "lcp exact"),
            (gambit, "enumpoly"),
            (openspiel, "CFR+"),
            (openspiel, "DCFR"),
        ]:
            two_only = solver.startswith("lcp") and players != 2
            row.append("" if two_only else limited(task, path, solver, arguments.limit))
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
