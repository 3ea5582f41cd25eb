//! Tables that leave through Arrow's C data interface: whoever takes them reads the same memory.

use std::collections::HashMap;
use std::ffi::CString;
use std::sync::Arc;

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator};
use arrow_array::{RecordBatchReader, StringArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table of numbers and words, a row a world or whatever its first column says.
#[pyclass(frozen, name = "Table", module = "detente._detente")]
pub(crate) struct Table {
    batch: RecordBatch,
}

/// A column to be.
pub(crate) struct Column {
    pub(crate) name: String,
    /// What it says, kept with the column: unit, meaning.
    pub(crate) about: Vec<(&'static str, String)>,
    pub(crate) holds: Holds,
}

/// What a column holds.
pub(crate) enum Holds {
    /// Numbers; NaN is one that was not computed, and leaves as null.
    Numbers(Vec<f64>),
    Whole(Vec<i64>),
    Words(Vec<String>),
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>) -> PyResult<Self> {
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
            .into_iter()
            .map(|column| {
                let (kind, nulls, array): (_, _, ArrayRef) = match column.holds {
                    Holds::Numbers(numbers) => {
                        let some_missing = numbers.iter().any(|x| x.is_nan());
                        let nulls = some_missing
                            .then(|| numbers.iter().map(|x| !x.is_nan()).collect::<NullBuffer>());
                        let array = Float64Array::new(ScalarBuffer::from(numbers), nulls);
                        (DataType::Float64, true, Arc::new(array))
                    }
                    Holds::Whole(numbers) => {
                        (DataType::Int64, false, Arc::new(Int64Array::from(numbers)))
                    }
                    Holds::Words(words) => {
                        (DataType::Utf8, false, Arc::new(StringArray::from(words)))
                    }
                };
                let about = column.about.into_iter();
                let about: HashMap<String, String> =
                    about.map(|(key, value)| (key.to_owned(), value)).collect();
                (
                    Field::new(column.name, kind, nulls).with_metadata(about),
                    array,
                )
            })
            .unzip();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
        batch.map(|batch| Self { batch }).map_err(|e| failed(&e))
    }
}

fn failed(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

fn called(name: &str) -> Option<CString> {
    CString::new(name).ok()
}

#[pymethods]
impl Table {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.batch.schema().as_ref());
        PyCapsule::new(py, schema.map_err(|e| failed(&e))?, called("arrow_schema"))
    }

    /// The table as a stream of one batch; that somebody would like another schema is not heard, as the interface allows.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        // A clone of a batch counts references to its buffers.
        let batches = [Ok::<_, ArrowError>(self.batch.clone())];
        let reader: Box<dyn RecordBatchReader + Send> =
            Box::new(RecordBatchIterator::new(batches, self.batch.schema()));
        let stream = FFI_ArrowArrayStream::new(reader);
        PyCapsule::new(py, stream, called("arrow_array_stream"))
    }

    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        let schema = self.batch.schema();
        let fields = schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// What is said of a column: unit, meaning.
    fn about(&self, name: &str) -> Option<HashMap<String, String>> {
        let schema = self.batch.schema();
        let field = schema.field_with_name(name).ok()?;
        Some(field.metadata().clone())
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }
}
