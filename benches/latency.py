#!/usr/bin/env python3
"""How long what-ifs take over HTTP while a search runs beside them.

Starts the service, has it plan a made-up day, keeps another plan of the same day running, and asks one what-if after the other: other times,
extra visits and swaps of citizens drawn at random. Prints percentiles of the answers' wall time.

    benches/latency.py target/release/kendt --citizens 210 --asks 200
"""

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


def call(base, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def planned(base, district, seconds):
    job = call(base, "/v1/plans", {"district": district, "options": {"time_seconds": seconds}})["id"]
    while call(base, f"/v1/plans/{job}")["state"] in ("queued", "running"):
        time.sleep(0.2)
    return call(base, f"/v1/plans/{job}/plan")


def asks(district, n, seed):
    draw = random.Random(seed)
    visits = [visit for visit in district["visits"] if visit.get("carers", 1) == 1]
    for nth in range(n):
        visit = draw.choice(visits)
        hour = draw.randrange(8, 20)
        window = {"from": f"{hour:02}:00", "until": f"{hour + 1:02}:00"}
        if nth % 3 == 0:
            yield {"type": "time", "visit": visit["id"], **window}
        elif nth % 3 == 1:
            extra = {"id": f"extra{nth}", "citizen": visit["citizen"], "minutes": 20, "skills": visit.get("skills", [])}
            yield {"type": "visit", "visit": {**extra, "windows": [{"from": window["from"], "to": window["until"]}]}}
        else:
            swap = {"id": f"ask{nth}", "visit": visit["id"], "instead": {"text": "something else", "minutes": 10}}
            yield {"type": "swap", "swap": swap}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("kendt")
    options.add_argument("--citizens", type=int, default=210)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--asks", type=int, default=200)
    options.add_argument("--port", type=int, default=18080)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/district.json"
        made = [given.kendt, "generate", "--citizens", str(given.citizens), "--seed", str(given.seed), "--asking", "15", "--out", path]
        subprocess.run(made, check=True)
        with open(path, encoding="utf-8") as text:
            district = json.load(text)
        served = subprocess.Popen([given.kendt, "serve", "--listen", f"127.0.0.1:{given.port}"], stderr=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{given.port}"
            for _ in range(100):
                try:
                    call(base, "/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            plan = planned(base, district, 20)
            call(base, "/v1/plans", {"district": district, "options": {"time_seconds": 600}})
            seconds, n_ways, refused = [], [], 0
            for what in asks(district, given.asks, given.seed):
                began = time.perf_counter()
                try:
                    answer = call(base, "/v1/what-if", {"district": district, "plan": plan, "what": what})
                    n_ways.append(len(answer["ways"]))
                except urllib.error.HTTPError as error:
                    assert error.code == 422, error
                    refused += 1
                seconds.append(time.perf_counter() - began)
            ranked = sorted(seconds)
            rank = lambda share: ranked[min(len(ranked) - 1, int(share * len(ranked)))]
            print(f"{len(district['visits'])} visits, {given.asks} asks ({refused} against a rule), {statistics.mean(n_ways):.1f} ways each")
            print(f"median {rank(0.5):.3f} s, p95 {rank(0.95):.3f} s, longest {ranked[-1]:.3f} s")
        finally:
            served.terminate()
            served.wait()


if __name__ == "__main__":
    main()
