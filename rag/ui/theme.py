"""Colours, fonts and the static files: everything comes from this machine."""

from __future__ import annotations

from importlib import resources
from typing import Any

import gradio as gr


def asset(name: str) -> str:
    """The text of a file in `static/`."""
    return resources.files("rag.ui").joinpath("static", name).read_text(encoding="utf-8")


def theme() -> Any:
    """System fonts, grey and one deep green whose contrast with white is above 4.5:1."""
    return gr.themes.Default(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
        body_background_fill="#f6f7f9",
        body_background_fill_dark="#0f1419",
        block_background_fill_dark="#161c23",
        input_background_fill_dark="#10161c",
        background_fill_secondary_dark="#131920",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        button_secondary_background_fill="white",
        button_secondary_background_fill_hover="#f1f4f6",
        button_secondary_border_color="#dde2e8",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        block_border_width="1px",
        block_shadow="none",
    )
