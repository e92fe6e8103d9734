//! Policies of the typed model from a tape of bytes, for the fuzz targets of other
//! projects. The generator makes the body and the model reads it, so that neither
//! has to know the other.

mod policy;
