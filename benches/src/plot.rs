//! Bars as SVG: one panel for each class, one bar for each stage, the figure behind
//! it. Readable on a light page and on a dark one, and without colours.

use std::fmt::Write;

/// Bars of one kind of figure.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What is shown, and in which unit.
    pub title: String,
    /// What the bars of each group have in common, and the bars.
    pub panels: Vec<Panel>,
    /// The bars that the project is about begin with one of these words.
    pub own: &'static [&'static str],
}

/// Bars that stand together.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What they have in common.
    pub title: String,
    /// Their names and figures, all above 0.
    pub bars: Vec<(String, f64)>,
}

const WIDTH: f64 = 760.0;
const NAMES: f64 = 170.0;
const FIGURES: f64 = 70.0;
const ROW: f64 = 18.0;
const BAR: f64 = 12.0;
const HEAD: f64 = 40.0;
const GAP: f64 = 30.0;
/// Figures that differ by more than this are drawn by their logarithms.
const WIDE: f64 = 20.0;

/// Where a figure is between the left of the bars, 0, and their right, 1.
#[derive(Clone, Copy, Debug)]
enum Scale {
    Linear { most: f64 },
    Logarithmic { least: f64, most: f64 },
}

impl Scale {
    fn of(figures: impl Iterator<Item = f64> + Clone) -> Self {
        let most = figures.clone().fold(f64::MIN_POSITIVE, f64::max);
        let least = figures.fold(most, f64::min);
        if most / least > WIDE {
            Self::Logarithmic { least: least.log10().floor(), most: most.log10().ceil() }
        } else {
            Self::Linear { most }
        }
    }

    fn at(self, figure: f64) -> f64 {
        match self {
            Self::Linear { most } => figure / most,
            Self::Logarithmic { least, most } => (figure.log10() - least) / (most - least),
        }
    }

    /// The powers of ten that have a line.
    fn lines(self) -> Vec<f64> {
        match self {
            Self::Linear { .. } => Vec::new(),
            Self::Logarithmic { least, most } => (least as i32..=most as i32).map(|power| 10_f64.powi(power)).collect(),
        }
    }
}

impl Chart {
    /// The chart as an SVG document.
    pub fn svg(&self) -> String {
        let scale = Scale::of(self.panels.iter().flat_map(|panel| &panel.bars).map(|bar| bar.1));
        let rows: usize = self.panels.iter().map(|panel| panel.bars.len()).sum();
        let height = HEAD + ROW * rows as f64 + GAP * self.panels.len() as f64 + 24.0;
        let mut body = String::new();
        let mut top = HEAD;
        for panel in &self.panels {
            top += GAP;
            text(&mut body, "class", 0.0, top - 8.0, &panel.title);
            for (name, figure) in &panel.bars {
                self.bar(&mut body, scale, top, name, *figure);
                top += ROW;
            }
        }
        let mut lines = String::new();
        for figure in scale.lines() {
            let x = x(scale, figure);
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(lines, r#"<line x1="{x:.1}" y1="{HEAD}" x2="{x:.1}" y2="{top}"/>"#);
            text(&mut body, "line", x, top + 16.0, &short(figure));
        }
        let kind = if scale.lines().is_empty() { "" } else { " (logarithmic scale)" };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
             <text class=\"title\" x=\"0\" y=\"20\">{title}{kind}</text>\n{lines}{body}</svg>\n",
            title = escaped(&self.title),
        )
    }

    fn bar(&self, out: &mut String, scale: Scale, top: f64, name: &str, figure: f64) {
        let width = (x(scale, figure) - NAMES).max(1.0);
        let is_own = self.own.iter().any(|own| name.starts_with(own));
        let class = if is_own { "own" } else { "other" };
        text(out, "name", NAMES - 8.0, top + 10.0, name);
        let _ = writeln!(
            out,
            r#"<rect class="{class}" x="{NAMES}" y="{top:.1}" width="{width:.1}" height="{BAR}" rx="2"/>"#
        );
        text(out, class, NAMES + width + 5.0, top + 10.0, &short(figure));
    }
}

fn x(scale: Scale, figure: f64) -> f64 {
    NAMES + (WIDTH - NAMES - FIGURES) * scale.at(figure)
}

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:15px;font-weight:600}\
    .class{font-weight:600}.name{text-anchor:end}.line{text-anchor:middle;font-size:10px}\
    rect.own{fill:#2f7de1}rect.other{fill:#9aa4af}text.own{font-weight:600}line{stroke:#9aa4af;stroke-opacity:.35}\
    @media(prefers-color-scheme:dark){text{fill:#adbac7}rect.other{fill:#6b7683}}";

fn text(out: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let _ = writeln!(out, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{}</text>"#, escaped(text));
}

/// A figure of three digits, with a word for thousands and more.
fn short(figure: f64) -> String {
    let (figure, word) = match figure {
        1e6.. => (figure / 1e6, " M"),
        1e4.. => (figure / 1e3, " k"),
        _ => (figure, ""),
    };
    let digits = if figure < 10.0 && figure.fract() != 0.0 { 1 } else { 0 };
    format!("{figure:.digits$}{word}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(bars: &[(&str, f64)]) -> String {
        let bars = bars.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
        let panels = vec![Panel { title: "a < b".to_owned(), bars }];
        Chart { title: "Bars".to_owned(), panels, own: &["model"] }.svg()
    }

    #[test]
    fn a_bar_is_as_long_as_its_figure() {
        let svg = chart(&[("model", 100.0), ("other", 50.0)]);
        assert!(svg.contains(r#"class="own" x="170" y="70.0" width="520.0""#), "{svg}");
        assert!(svg.contains(r#"class="other" x="170" y="88.0" width="260.0""#), "{svg}");
        assert!(svg.contains(">100</text>") && svg.contains("a &lt; b"), "{svg}");
    }

    #[test]
    fn figures_far_apart_are_drawn_by_their_logarithms() {
        let svg = chart(&[("model", 100.0), ("memcpy", 10_000.0)]);
        assert!(svg.contains("logarithmic scale"));
        assert!(svg.contains(r#"y="88.0" width="520.0""#), "{svg}");
        assert!(svg.contains(">1000</text>") && svg.contains(">10 k</text>"), "{svg}");
    }
}
