"""The one table of scripts/bench: collects figures, prints them as text, leaves TSV and plots."""
import os
import platform
import statistics
import subprocess
from pathlib import Path


def median(values):
    return statistics.median(values)


def number(value):
    """A figure with as many digits as it deserves."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def processor_ticks():
    """Of all processors since the machine started: all, and what the host gave to others (steal)."""
    ticks = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return sum(ticks), ticks[7]


class Table:
    COLUMNS = ("figure", "measured", "beside", "wanted", "")

    def __init__(self, directory):
        self.directory = directory
        self.directory.mkdir(parents=True, exist_ok=True)
        self._rows = []
        self._plots = []
        self._begun = processor_ticks()

    def add(self, figure, value, unit, beside="", wanted="", good=None):
        """`good`: whether it is as wanted, None where nothing is."""
        self._rows.append((figure, f"{number(value)} {unit}", beside, wanted, {None: "", True: "ok", False: "SHORT"}[good], value, unit))
        print(f"bench:   {figure}: {number(value)} {unit}", flush=True)

    def plot(self, name, title, x, y, series, logarithmic=True):
        """`series`: {label: [(x, y), ...]}, drawn as name.svg and left as name.tsv."""
        self._plots.append((name, title, x, y, series, logarithmic))

    def finish(self):
        text = self._machine() + "\n" + self._text()
        (self.directory / "table.txt").write_text(text)
        with open(self.directory / "figures.tsv", "w", encoding="utf-8") as file:
            file.write("figure\tvalue\tunit\tbeside\twanted\tverdict\n")
            for figure, _, beside, wanted, verdict, value, unit in self._rows:
                file.write(f"{figure}\t{value:.6g}\t{unit}\t{beside}\t{wanted}\t{verdict}\n")
        for plot in self._plots:
            self._draw(*plot)
        print(text)
        print(f"Left in {self.directory}: table.txt, figures.tsv, {', '.join(plot[0] + '.svg' for plot in self._plots)}")

    def _text(self):
        lines = [self.COLUMNS] + [row[:5] for row in self._rows]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines) + "\n"

    def _machine(self):
        model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
        with open("/proc/loadavg", encoding="ascii") as file:
            before = file.read().split()[0]
        total, stolen = (now - then for now, then in zip(processor_ticks(), self._begun))
        return (f"{os.cpu_count()} processors ({model}), {platform.system()} {platform.release()}, load average {before} at the end, "
                f"{number(100 * stolen / max(1, total))} % of the processors' time taken by other machines on the same host\n")

    def _draw(self, name, title, x, y, series, logarithmic):
        with open(self.directory / f"{name}.tsv", "w", encoding="utf-8") as file:
            file.write(f"series\t{x}\t{y}\n")
            for label, points in series.items():
                file.writelines(f"{label}\t{at:.6g}\t{value:.6g}\n" for at, value in points)
        blocks = "\n".join(f"$d{i} << E\n" + "\n".join(f"{at} {value}" for at, value in points) + "\nE" for i, points in enumerate(series.values()))
        lines = ", ".join(f"$d{i} using 1:2 with linespoints linewidth 2 title '{label}'" for i, label in enumerate(series))
        script = f"""
set terminal svg size 760,440 font 'sans,12' background 'white'
set output '{self.directory / name}.svg'
set title "{title}"
set xlabel '{x}'
set ylabel '{y}'
set yrange [0:*]
set grid
set key outside bottom horizontal
{"set logscale x" if logarithmic else ""}
{blocks}
plot {lines}
"""
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
