#!/usr/bin/env python3
"""The same home-care days through Kendt and its peers, on the same CPU budget, scored by one evaluator that shares nothing with Kendt.

    python3 -m venv venv && venv/bin/pip install -r benches/peers/requirements.txt
    KENDT_PEERS=/path/to/peers venv/bin/python benches/peers/race.py --seconds 10 > table.md

The folder that KENDT_PEERS (or --peers) names is not part of this repository. It holds `hhc_peer.py`, which drives the peers
(`hhc_peer.py solve PEER DAY SECONDS --out PLAN`) and scores any plan (`hhc_peer.py eval DAY PLAN`), and the days in `instances/`.
Runs come one after the other, so that they do not slow each other down. A Markdown table goes to stdout, the news to stderr.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

# OR-Tools in the two ways that keep double visits, and the two that cannot hold soft wishes or double visits natively.
PEERS = ["ortools-prec", "ortools-2pass", "pyvrp", "vroom"]
NAMES = {
    "ortools-prec": "OR-Tools, double visits by precedences both ways",
    "ortools-2pass": "OR-Tools, two passes, double visits pinned",
    "pyvrp": "PyVRP *",
    "vroom": "VROOM *",
}
COLUMNS = ["day", "solver", "CPU s used", "objective", "unserved required", "unserved optional", "travel h", "outside wishes h", "outside team",
           "hard rules broken"]


def main():
    options = arguments()
    days = options.days or sorted((options.peers / "instances").glob("*.json"), key=size)
    if not days:
        sys.exit(f"no days in {options.peers / 'instances'}")
    began = time.strftime("%Y-%m-%d %H:%M")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for day in days:
            for solver in ["kendt"] * ("kendt" not in options.skip) + [peer for peer in options.solvers if peer not in options.skip]:
                row = race(options, day, solver, pathlib.Path(folder) / "plan.json")
                rows.append(row)
                print(f"{day.stem} {solver}: {row['objective']}", file=sys.stderr, flush=True)
    print(f"{began} to {time.strftime('%H:%M')}, {options.seconds} CPU s for each run, {options.threads} thread(s) for Kendt, seed {options.seed}.\n")
    print(table(rows))
    print("\n`*`: has neither soft wishes nor double visits; given windows of 30 minutes about the wish, and both halves of a double visit pinned to it."
          " VROOM has no CPU limit and runs to its own end.")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parents[2]
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    parser.add_argument("days", nargs="*", type=pathlib.Path, help="days [default: all in the peers' folder, smallest first]")
    parser.add_argument("--peers", type=pathlib.Path, default=os.environ.get("KENDT_PEERS"), help="the peers' folder [env: KENDT_PEERS]")
    parser.add_argument("--kendt", type=pathlib.Path, default=target / "release" / "kendt", help="the program")
    parser.add_argument("--seconds", type=int, default=10, help="CPU seconds for each run [default: 10]")
    parser.add_argument("--threads", type=int, default=1, help="Kendt's search threads; the CPU budget is for all of them [default: 1]")
    parser.add_argument("--seed", type=int, default=1, help="Kendt's seed [default: 1]")
    parser.add_argument("--solvers", nargs="*", default=PEERS, choices=PEERS, help="peers to race")
    parser.add_argument("--skip", nargs="*", default=[], help="solvers to leave out")
    options = parser.parse_args()
    if options.peers is None:
        parser.error("name the peers' folder by --peers or KENDT_PEERS")
    return options


def size(day):
    return len(json.loads(day.read_text())["visits"])


def race(options, day, solver, plan):
    """One run, scored. What went wrong stands in the row instead of the score."""
    plan.unlink(missing_ok=True)
    if solver == "kendt":
        command = [options.kendt, "solve", day, "--format", "peerday", "--cpu-time", str(options.seconds), "--threads", str(options.threads),
                   "--seed", str(options.seed), "--quiet", "--out", plan]
    else:
        # VROOM's only limit is wall time, which a loaded machine would make unfair: without one it runs to its own end.
        seconds = 0 if solver == "vroom" else options.seconds
        command = [sys.executable, options.peers / "hhc_peer.py", "solve", solver, day, str(seconds), "--out", plan]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    score = {"objective": "failed"}
    if plan.exists():
        evaluator = [sys.executable, options.peers / "hhc_peer.py", "eval", day, plan]
        score = json.loads(subprocess.run(evaluator, capture_output=True, text=True, check=True).stdout)
    else:
        print(ended.stderr[-2000:], file=sys.stderr)
    name = f"**Kendt {version(options.kendt)}**" if solver == "kendt" else NAMES[solver]
    return {"day": day.stem, "solver": name, "cpu": used, **score}


def version(kendt):
    return subprocess.run([kendt, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


def table(rows):
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        cell = row.get
        objective = f"{row['objective']:,}" if isinstance(row["objective"], int) else row["objective"]
        cells = [row["day"], row["solver"], f"{row['cpu']:.1f}", objective, cell("unserved_mand"), cell("unserved_opt"), cell("travel_h"), cell("outside_h"),
                 cell("off_team"), cell("hard")]
        lines.append("| " + " | ".join("–" if value is None else str(value) for value in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
