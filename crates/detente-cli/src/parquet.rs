//! Tables as Parquet, which pandas, polars and `DuckDB` read.

use std::sync::Arc;

use parquet::basic::{Repetition, Type as Physical};
use parquet::data_type::DoubleType;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::failure::Failure;

/// A table of 64-bit floating-point columns of equal length, as the bytes of a Parquet file; the same table gives the same
/// bytes.
pub(crate) fn table(columns: &[(&str, &[f64])]) -> Result<Vec<u8>, Failure> {
    write(columns).map_err(|error| Failure::Failed(format!("the table cannot be made: {error}")))
}

fn write(columns: &[(&str, &[f64])]) -> Result<Vec<u8>, ParquetError> {
    let field = |(name, _): &(&str, &[f64])| {
        let field = Type::primitive_type_builder(name, Physical::DOUBLE);
        field
            .with_repetition(Repetition::REQUIRED)
            .build()
            .map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("detente")
        .with_fields(fields)
        .build()?;
    let properties = WriterProperties::builder()
        .set_created_by(format!("detente {}", detente::VERSION))
        // Drawn numbers seldom repeat.
        .set_dictionary_enabled(false)
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for (_, values) in columns {
        if let Some(mut column) = group.next_column()? {
            column
                .typed::<DoubleType>()
                .write_batch(values, None, None)?;
            column.close()?;
        }
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn what_is_written_reads_back() {
        let (a, b) = ([1.5, f64::NAN, -2.0], [0.1, 0.2, 0.3]);
        let columns: [(&str, &[f64]); 2] = [("contest.edge", &a), ("b", &b)];
        let bytes = super::table(&columns).expect("a table");
        assert_eq!(bytes, super::table(&columns).expect("a table"));
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let first = reader.metadata().file_metadata().schema_descr().column(0);
        assert_eq!(first.path().parts(), ["contest.edge"]);
        let rows: Vec<(f64, f64)> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| {
                let row = row.unwrap();
                (row.get_double(0).unwrap(), row.get_double(1).unwrap())
            })
            .collect();
        assert_eq!(rows.len(), 3);
        for ((x, y), (a, b)) in rows.into_iter().zip(a.into_iter().zip(b)) {
            assert_eq!((x.to_bits(), y.to_bits()), (a.to_bits(), b.to_bits()));
        }
    }
}
