"""`flask maps bench-data`: write a synthetic city, province or nation for benches; needs no database."""

import json
from pathlib import Path

import click
import numpy as np

from maps.coverage.bench_data import KINDS, STATES, Size, World, make


@click.command("bench-data")
@click.option("--size", type=click.Choice([size.value for size in Size]), default=Size.CITY.value)
@click.option("--seed", type=click.IntRange(min=0), default=20210523, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to write into.")
@click.option("--csv", "as_csv", is_flag=True, help="Write places.csv and things.csv beside the .npz file.")
def bench_data(size: str, seed: int, out: Path | None, as_csv: bool) -> None:
    """Make synthetic places and things, the same for the same size and seed, and print their counts."""
    world = make(Size(size), seed)
    files: list[str] = []
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            files = _write(world, out, f"{size}-{seed}", as_csv)
        except OSError as problem:
            raise click.ClickException(f"Không ghi được vào “{out}”: {problem.strerror}.") from problem
    line = {
        "size": size,
        "seed": seed,
        "places": len(world.ward),
        "wards": len(set(world.ward)),
        "voters": int(world.voters.sum()),
        "installations": len(world.kind),
        "working": int(world.works.sum()),
        "kinds": {code: radius for code, _, _, radius in KINDS},
        "sha256": world.sha256(),
        "files": files,
    }
    click.echo(json.dumps(line))


def _write(world: World, folder: Path, name: str, as_csv: bool) -> list[str]:
    path = folder / f"{name}.npz"
    np.savez(path, allow_pickle=False, **world.columns())
    if not as_csv:
        return [str(path)]
    places, things = folder / f"{name}-places.csv", folder / f"{name}-things.csv"
    codes = [code for code, *_ in KINDS]
    with places.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(("place", "ward", "lat", "lon", "voters", *(f"needed_{one}" for one in codes))))
        for number, row in enumerate(
            zip(world.ward, world.place_lat, world.place_lon, world.voters, world.needed, strict=True)
        ):
            ward, lat, lon, voters, needed = row
            file.write(f"\n{number},{ward},{lat:.7f},{lon:.7f},{voters}," + ",".join(map(str, needed)))
        file.write("\n")
    with things.open("w", encoding="utf-8", newline="\n") as file:
        file.write("thing,place,kind,state,lat,lon\n")
        for number, row in enumerate(
            zip(world.owner, world.kind, world.state, world.thing_lat, world.thing_lon, strict=True)
        ):
            owner, kind, state, lat, lon = row
            file.write(f"{number},{owner},{codes[kind]},{STATES[state]},{lat:.7f},{lon:.7f}\n")
    return [str(path), str(places), str(things)]
