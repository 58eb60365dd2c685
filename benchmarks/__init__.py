"""One file a benchmark: `bench_<name>.py`, run by `./coop bench [name]`.

Each measures ours and a peer in one run and writes `results/<name>.json` with
`name, n, ours_s, peer, peer_s, ratio, queries, queries_per_item`. Sizes are declared
with `harness.size(full=…, quick=…)`, about how long they take in `SECONDS`; figures of
`./coop bench --quick` go to `.runtime/bench/quick/`, and leave the full ones alone.
"""
