#!/usr/bin/env python3
"""A fortnight of home care by OR-Tools' routing library, day by day, as a user would do it who wants few different carers.

    python3 -m venv venv && venv/bin/pip install -r benches/peers/requirements.txt
    kendt generate --citizens 120 --days 14 --out d120.json
    venv/bin/python benches/peers/fortnight.py d120.json --seconds 600 --face 40 --new-face 20

Faces over several days cannot be said in its routing model, but what a visit costs with each carer can: whoever came to the citizen on an
earlier day of the horizon is free, anybody else costs a face, and a new one more. `--face 0 --new-face 0` is planning day by day without
continuity. Breaks and links other than visits by two are left out, in its favour; visits that may be on several days stay on their own.
Hard: windows, shifts, skills, exclusions, both halves of a visit by two together. Priced: travel, wishes, visits left out.
One line of JSON goes to stdout, the news to stderr.
"""

import argparse
import collections
import json
import math
import pathlib
import sys
import time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

MODES = {"car": (45.0, 1.3, 3.0), "e_car": (40.0, 1.3, 3.0), "bike": (15.0, 1.2, 2.0), "walk": (5.0, 1.2, 1.0)}
MINUTE = 60
UNIT = 10  # of a cost of a second


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("district", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=600, help="seconds for all days together [default: 600]; OR-Tools uses one thread")
    parser.add_argument("--face", type=float, default=40, help="minutes on the road that a carer costs who has not come yet [default: 40]")
    parser.add_argument("--new-face", type=float, default=20, help="more for one who did not come before the horizon either [default: 20]")
    options = parser.parse_args()
    district = json.loads(options.district.read_text())
    come = collections.defaultdict(set)
    known = {citizen["id"]: {met["carer"] for met in citizen.get("history", [])} for citizen in district["citizens"]}
    total = collections.Counter()
    began = time.process_time()
    for day in range(1, district["days"] + 1):
        plan_day(district, day, options, come, known, total)
        print(f"day {day}: {dict(total)}", file=sys.stderr, flush=True)
    visited = [carers for carers in come.values() if carers]
    answer = {
        "district": district["name"], "face": options.face, "new_face": options.new_face, "cpu_seconds": round(time.process_time() - began, 1),
        "travel_minutes": round(total["travel"] / MINUTE), "carers_mean": round(sum(map(len, visited)) / max(len(visited), 1), 3),
        "citizens": len(visited), "new_faces": sum(len(carers - known[citizen]) for citizen, carers in come.items()),
        "required_left_out": total["required"], "optional_left_out": total["optional"],
    }
    print(json.dumps(answer))


def seconds(text):
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)


def plan_day(district, day, options, come, known, total):
    bases = {base["id"]: (base["x"], base["y"]) for base in district["bases"]}
    homes = {citizen["id"]: (citizen["x"], citizen["y"]) for citizen in district["citizens"]}
    team_base = {team["id"]: team.get("base") for team in district.get("teams", [])}
    excluded = {citizen["id"]: set(citizen.get("excluded_carers", [])) for citizen in district["citizens"]}
    shifts = []
    for carer in district["carers"]:
        base = carer.get("base") or team_base.get(carer.get("team")) or district["bases"][0]["id"]
        shifts += [(carer, shift, bases[shift.get("base", base)]) for shift in carer["shifts"] if shift["day"] == day]
    halves = []
    for visit in (visit for visit in district["visits"] if visit["day"] == day):
        halves.append((visit, set(visit.get("skills", [])), None))
        if visit["carers"] == 2:
            halves.append((visit, set(visit.get("second_skills", visit.get("skills", []))), len(halves) - 1))
    n, m = len(halves), len(shifts)
    if n == 0:
        return
    # Nodes: every visit, then where each shift starts and ends.
    points = [homes[visit["citizen"]] for visit, _, _ in halves] + [base for _, _, base in shifts]
    manager = pywrapcp.RoutingIndexManager(n + m, m, list(range(n, n + m)), list(range(n, n + m)))
    routing = pywrapcp.RoutingModel(manager)
    ride = {mode: rides(points, n, mode) for mode in {carer["mode"] for carer, _, _ in shifts}}
    length = [int(visit["minutes"] * MINUTE) for visit, _, _ in halves] + [0] * m
    transits = []
    for vehicle, (carer, _, _) in enumerate(shifts):
        table, fees = ride[carer["mode"]], [fee(visit["citizen"], carer["id"], options, come, known) for visit, _, _ in halves] + [0] * m

        def transit(i, j, table=table):
            i, j = manager.IndexToNode(i), manager.IndexToNode(j)
            return length[i] + table[i][j]

        def cost(i, j, table=table, fees=fees):
            i, j = manager.IndexToNode(i), manager.IndexToNode(j)
            return UNIT * (table[i][j] + fees[j])

        transits.append(routing.RegisterTransitCallback(transit))
        routing.SetArcCostEvaluatorOfVehicle(routing.RegisterTransitCallback(cost), vehicle)
    horizon = 30 * 3600
    routing.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for vehicle, (_, shift, _) in enumerate(shifts):
        clock.CumulVar(routing.Start(vehicle)).SetRange(seconds(shift["start"]), horizon)
        clock.CumulVar(routing.End(vehicle)).SetRange(0, seconds(shift["end"]))
    solver = routing.solver()
    for node, (visit, skills, first) in enumerate(halves):
        index = manager.NodeToIndex(node)
        window = next(window for window in visit["windows"] if window.get("day", day) == day)
        clock.CumulVar(index).SetRange(seconds(window["from"]), seconds(window["to"]))
        if "preferred" in visit:
            clock.SetCumulVarSoftLowerBound(index, seconds(visit["preferred"]["from"]), UNIT // 2)
            clock.SetCumulVarSoftUpperBound(index, seconds(visit["preferred"]["until"]), UNIT)
        able = [vehicle for vehicle, (carer, _, _) in enumerate(shifts)
                if skills <= set(carer.get("skills", [])) and carer["id"] not in excluded[visit["citizen"]]]
        routing.VehicleVar(index).SetValues([-1] + able)
        price = 2000 * (1 + visit["priority"]) if visit["need"] == "required" else 60 * (1 + visit["priority"])
        routing.AddDisjunction([index], UNIT * MINUTE * price)
        if first is not None:
            other = manager.NodeToIndex(first)
            clock.AddNodePrecedence(index, other, 0)
            clock.AddNodePrecedence(other, index, 0)
            solver.Add(routing.ActiveVar(index) == routing.ActiveVar(other))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * options.seconds / district["days"]))
    solution = routing.SolveWithParameters(parameters)
    if solution is None:
        total["required"] += sum(visit["need"] == "required" for visit, _, _ in halves)
        total["optional"] += sum(visit["need"] != "required" for visit, _, _ in halves)
        return
    served = set()
    for vehicle, (carer, _, _) in enumerate(shifts):
        index = routing.Start(vehicle)
        while not routing.IsEnd(index):
            after = solution.Value(routing.NextVar(index))
            total["travel"] += ride[carer["mode"]][manager.IndexToNode(index)][manager.IndexToNode(after)]
            if not routing.IsEnd(after):
                node = manager.IndexToNode(after)
                served.add(node)
                come[halves[node][0]["citizen"]].add(carer["id"])
            index = after
    for node, (visit, _, _) in enumerate(halves):
        if node not in served:
            total["required" if visit["need"] == "required" else "optional"] += 1


def rides(points, n_visits, mode):
    kmh, detour, stop = MODES[mode]

    def time_between(i, j):
        if points[i] == points[j]:
            return 0
        (ax, ay), (bx, by) = points[i], points[j]
        return math.ceil(math.hypot(ax - bx, ay - by) * detour / kmh * 3600 + (stop * MINUTE if j < n_visits else 0) - 1e-6)

    return [[time_between(i, j) for j in range(len(points))] for i in range(len(points))]


def fee(citizen, carer, options, come, known):
    if carer in come[citizen]:
        return 0
    is_first = not come[citizen]
    return int(MINUTE * ((0 if is_first else options.face) + (0 if carer in known[citizen] else options.new_face)))


main()
