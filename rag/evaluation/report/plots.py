"""Two curves as inline SVG, sized in user units so that they scale with the page."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluation.measures.abstention import Bin, RiskCoverage

WIDTH, HEIGHT, MARGIN = 420, 280, 54


def risk_coverage_svg(curve: RiskCoverage) -> str:
    """Risk over coverage, both 0 to 1; coverage grows to the right."""
    points = " ".join(
        f"{_x(coverage):.1f},{_y(risk):.1f}"
        for coverage, risk in zip(curve.coverage.tolist(), curve.risk.tolist(), strict=True)
    )
    line = f'<polyline class="curve" points="{points}"/>' if points else ""
    label = f"Risk-coverage curve, area {curve.area:.3f}"
    return _frame(label, "share of questions answered", "share of those wrong", line)


def reliability_svg(bars: Sequence[Bin]) -> str:
    """Share of right answers by confidence; the dashed diagonal is perfect calibration."""
    marks = [f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>']
    for bar in bars:
        left, right, top = _x(bar.low) + 1, _x(bar.high) - 1, _y(bar.accuracy)
        tip = f"{bar.answers} answers, confidence {bar.confidence:.2f}, right {bar.accuracy:.2f}"
        marks.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{max(_y(0) - top, 1):.1f}"><title>{tip}</title></rect>'
            f'<text class="count" x="{(left + right) / 2:.1f}" y="{top - 4:.1f}">'
            f"{bar.answers}</text>"
        )
    return _frame("Reliability diagram", "confidence", "share right", "".join(marks))


def share_svg(share: float, *, good: bool) -> str:
    """A bar that fills `share` (0 to 1) of its width."""
    kind = "good" if good else "bad"
    return (
        '<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="{kind}" width="{100 * share:.1f}" height="4"/></svg>'
    )


def _x(value: float) -> float:
    return MARGIN + value * (WIDTH - MARGIN - 12)


def _y(value: float) -> float:
    return HEIGHT - MARGIN - value * (HEIGHT - MARGIN - 20)


def _frame(label: str, across: str, up: str, inside: str) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(v)}" y2="{_y(v)}"/>'
        f'<text class="tick" x="{_x(0) - 6}" y="{_y(v) + 4}" text-anchor="end">{v:g}</text>'
        f'<text class="tick" x="{_x(v)}" y="{_y(0) + 16}" text-anchor="middle">{v:g}</text>'
        for v in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{ticks}{inside}'
        f'<text class="axis" x="{_x(0.5)}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>'
        f'<text class="axis" transform="translate(12 {_y(0.5)}) rotate(-90)" '
        f'text-anchor="middle">{up}</text></svg>'
    )
