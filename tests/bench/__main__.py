"""`make bench`: every bench, one after the other, each with its table."""

import runpy

BENCHES = ("coverage", "nation", "plan", "downloads", "map", "pages", "push", "push_inside")

for name in BENCHES:
    print(f"\n== {name} ==", flush=True)
    runpy.run_module(f"tests.bench.{name}", run_name="__main__")
