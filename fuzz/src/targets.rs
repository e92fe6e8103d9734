//! The table of the targets.

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its program and of its folders below `corpora/`.
    pub name: &'static str,
    /// Its body.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "csdl", run: crate::csdl },
    Target { name: "differential", run: crate::differential },
    Target { name: "generated_malformed", run: crate::generated_malformed },
    Target { name: "generated_valid", run: crate::generated_valid },
    Target { name: "json_reader", run: crate::json_reader },
    Target { name: "judge", run: crate::judge },
    Target { name: "model_roundtrip", run: crate::model_roundtrip },
    Target { name: "validate", run: crate::validate },
];
