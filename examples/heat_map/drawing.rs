//! The picture: panels side by side with axes, and one colour bar.
//!
//! plotters draws all but the cells, which go into the SVG as embedded images where it left room.

use crate::cells::Cells;
use crate::colour;
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;
use std::ops::Range;

/// One heat map.
pub struct Panel {
    pub caption: &'static str,
    pub cells: Cells,
}

/// The longer side of a panel, in pixels.
const SIDE: f64 = 560.0;
/// The shorter side is at least this part of the longer one.
const LEAST_RATIO: f64 = 0.4;
const TITLE_HEIGHT: i32 = 44;
const CAPTION_HEIGHT: i32 = 34;
const LEFT: i32 = 70;
const BOTTOM: i32 = 52;
const MARGIN: i32 = 14;
const BAR_WIDTH: i32 = 18;
/// The colour bar with its labels.
const BAR_AREA: i32 = 80;

/// A rectangle of pixels in which an image belongs.
struct Place {
    x: Range<i32>,
    y: Range<i32>,
}

/// Draws the panels, whose rows stand for `latents` and whose columns for `features`.
pub fn svg(title: &str, panels: &[Panel], latents: usize, features: usize) -> Result<String> {
    let ratio = (latents as f64 / features as f64).clamp(LEAST_RATIO, 1.0 / LEAST_RATIO);
    let (width, height) = ((SIDE / ratio.max(1.0)) as i32, (SIDE * ratio.min(1.0)) as i32);
    let panel_width = LEFT + width + 2 * MARGIN;
    let panel_height = CAPTION_HEIGHT + height + BOTTOM + MARGIN;
    let total_width = panel_width * panels.len() as i32 + BAR_AREA;

    let mut svg = String::new();
    let mut images = Vec::new();
    {
        let size = (total_width as u32, (TITLE_HEIGHT + panel_height) as u32);
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let (top, below) = root.split_vertically(TITLE_HEIGHT);
        let style = ("sans-serif", 24).into_font().color(&BLACK);
        top.draw_text(title, &style, (MARGIN, 14)).map_err(failed)?;

        let (left, right) = below.split_horizontally(panel_width * panels.len() as i32);
        for (area, panel) in left.split_evenly((1, panels.len())).iter().zip(panels) {
            let place = draw_axes(area, panel.caption, latents, features)?;
            images.push((place, colour::data_url(&panel.cells)?));
        }
        // The panels are equally high.
        if let Some(height) = images.first().map(|(place, _): &(Place, _)| place.y.clone()) {
            images.push((draw_bar(&right, height)?, colour::data_url(&bar_cells())?));
        }
        root.present().map_err(failed)?;
    }
    insert(&mut svg, &images)?;
    Ok(svg)
}

/// Draws a panel's caption and axes and returns where its cells belong. The first latent is at the top.
fn draw_axes<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    caption: &str,
    latents: usize,
    features: usize,
) -> Result<Place> {
    let mut chart = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 19))
        .margin(MARGIN)
        .margin_top(0)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(0.0..features as f64, latents as f64..0.0)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc("feature")
        .y_desc("latent (ordered)")
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(&|y| format!("{y}"))
        .label_style(("sans-serif", 15))
        .axis_desc_style(("sans-serif", 17))
        .draw()
        .map_err(failed)?;
    let (x, y) = chart.plotting_area().get_pixel_range();
    Ok(Place { x, y })
}

/// Labels the colour bar, which is as high as the panels, and returns where its colours belong.
fn draw_bar<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, height: Range<i32>) -> Result<Place> {
    let (left, top) = area.get_base_pixel();
    let style = ("sans-serif", 15).into_font().color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center));
    for step in 0..5 {
        let y = height.start - top + (height.end - height.start) * step / 4;
        let tick = PathElement::new([(BAR_WIDTH, y), (BAR_WIDTH + 5, y)], BLACK);
        area.draw(&tick).map_err(failed)?;
        let cosine = 1.0 - f64::from(step) / 2.0;
        area.draw_text(&format!("{cosine:.1}"), &style, (BAR_WIDTH + 9, y)).map_err(failed)?;
    }
    Ok(Place { x: left..left + BAR_WIDTH, y: height })
}

/// One column from 1 at the top to -1.
fn bar_cells() -> Cells {
    let rows = 256;
    let values = (0..rows).map(|i| 1.0 - 2.0 * i as f32 / (rows - 1) as f32).collect();
    Cells { rows, cols: 1, values }
}

/// Puts each image, in a thin frame, at the end of the drawing.
fn insert(svg: &mut String, images: &[(Place, String)]) -> Result<()> {
    let end = svg.rfind("</svg>").ok_or_else(|| anyhow!("the drawing has no end"))?;
    svg.truncate(end);
    for (Place { x, y }, url) in images {
        let place = format!(
            r#"x="{}" y="{}" width="{}" height="{}""#,
            x.start,
            y.start,
            x.end - x.start,
            y.end - y.start
        );
        writeln!(
            svg,
            r#"<image {place} preserveAspectRatio="none" image-rendering="pixelated" href="{url}"/>"#
        )?;
        writeln!(svg, r##"<rect {place} fill="none" stroke="#404040" stroke-width="1"/>"##)?;
    }
    svg.push_str("</svg>\n");
    Ok(())
}

/// A drawing error, which borrows from the drawing, as one that does not.
fn failed<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> anyhow::Error {
    anyhow!("drawing: {error}")
}
