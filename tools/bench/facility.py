"""ngram-diverse --objective facility: 200,000 texts with vectors of 384 dimensions, and what its neighbours lose.

Aim: five minutes on two cores. The vectors are random ones around random centres; speed hardly depends on them.

--loss FILE.npy: of the first 8,000 rows (embed-texts makes them), the value by all similarities of what is chosen by
neighbours, as many as larger pools get and sought among 1,024, against what plain greedy chooses by all similarities.
"""

import sys

import numpy as np
from measure import SCRATCH, input_file, machine, note, once, sized

from datasel.selection import facility, greedy
from datasel.selection.coverage import FacilityLocation
from datasel.selection.vectors import UNIT, whole

COUNT, DIM, CENTRES = sized(200_000), 384, 2_000


def vectors() -> str:
    """The benchmark's array, made once."""
    path = SCRATCH / f"vectors-{COUNT}.npy"
    if not path.exists():
        draw = np.random.default_rng(1)
        centres = draw.normal(size=(CENTRES, DIM)).astype(np.float32)
        made = np.lib.format.open_memmap(path.with_suffix(".part"), "w+", np.float32, (COUNT, DIM))
        for start in range(0, COUNT, 10_000):
            many = min(10_000, COUNT - start)
            noise = draw.normal(size=(many, DIM)).astype(np.float32)
            made[start : start + many] = centres[draw.integers(0, CENTRES, many)] + noise
        path.with_suffix(".part").rename(path)
    return str(path)


def loss(path: str) -> None:
    rows = whole(np.load(path, mmap_mode="r")[:8000].astype(np.float32))
    none, everything, facility._LEAST = rows[:0], np.arange(len(rows)), 1024
    sizes = (10, 20, 40, 80, 160, 400)

    def value(chosen) -> float:
        function = FacilityLocation(rows, rows[chosen], UNIT)
        return function.value()

    best = list(greedy.lazy(FacilityLocation(rows, none, UNIT), everything, sizes[-1]))
    draw = np.random.default_rng(1)
    print(f"{'share of the value that is lost':36s}" + "".join(f"{size:>8d}" for size in sizes) + "  chosen")
    for neighbours in (42, 84, 168):
        function = facility.NearFacility(rows, none, everything, neighbours * len(rows))
        chosen = list(greedy.lazy(function, everything, sizes[-1]))
        losses = (1 - value(chosen[:size]) / value(best[:size]) for size in sizes)
        told = f"{neighbours} neighbours (a pool of {facility.PAIRS // neighbours:,})"
        print(f"{told:36s}" + "".join(f"{each:8.2%}" for each in losses), flush=True)
    losses = (1 - value(draw.permutation(len(rows))[:size]) / value(best[:size]) for size in sizes)
    print(f"{'random choice':36s}" + "".join(f"{each:8.2%}" for each in losses))


print(machine())
if "--loss" in sys.argv:
    loss(sys.argv[sys.argv.index("--loss") + 1])
    sys.exit()
pool, array = input_file("jsonl", 200_000), vectors()
for jobs in (1, 2):
    run = once(f"ngram-diverse --objective facility --vectors {array} -k {COUNT // 20} --jobs {jobs} {pool}")
    note(f"ngram-diverse --objective facility -k {COUNT // 20:,} of {COUNT:,} --jobs {jobs}: "
         f"{run.wall:.1f} s, {run.cpu:.1f} s of CPU time in the first process, {run.peak:.0f} MB")  # fmt: skip
