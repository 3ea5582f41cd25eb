//! Tables as Parquet, which pandas, polars and `DuckDB` read.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Repetition, Type as Physical};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

use crate::failure::Failure;
use crate::output;

/// The first column of a run's table: which world the row is of.
const WORLD: &str = "world";

/// Writes drawn numbers, a group of rows after another: a column of 64-bit floating-point numbers each, none of them missing. The same
/// numbers in the same groups give the same bytes.
pub(crate) struct Drawn<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> Drawn<W> {
    pub(crate) fn new(sink: W, names: &[&str]) -> Result<Self, ParquetError> {
        let fields = names
            .iter()
            .map(|name| field(name, Physical::DOUBLE, Repetition::REQUIRED));
        let schema = schema(fields.collect::<Result<_, _>>()?)?;
        let properties = Arc::new(properties().build());
        SerializedFileWriter::new(sink, schema, properties).map(Self)
    }

    pub(crate) fn group(&mut self, columns: &[&[f64]]) -> Result<(), ParquetError> {
        let mut group = self.0.next_row_group()?;
        for values in columns {
            if let Some(mut column) = group.next_column()? {
                column
                    .typed::<DoubleType>()
                    .write_batch(values, None, None)?;
                column.close()?;
            }
        }
        group.close()?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), ParquetError> {
        self.0.close()?;
        Ok(())
    }
}

fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_created_by(format!("detente {}", detente::VERSION))
        // Drawn numbers seldom repeat.
        .set_dictionary_enabled(false)
}

fn field(name: &str, kind: Physical, repetition: Repetition) -> Result<Arc<Type>, ParquetError> {
    Type::primitive_type_builder(name, kind)
        .with_repetition(repetition)
        .build()
        .map(Arc::new)
}

fn schema(fields: Vec<Arc<Type>>) -> Result<Arc<Type>, ParquetError> {
    Type::group_type_builder("detente")
        .with_fields(fields)
        .build()
        .map(Arc::new)
}

/// Writes a run's table, a group of rows after another.
pub(crate) struct Writer<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> Writer<W> {
    /// Begins a table. Each column has a name and whether its numbers repeat; `about` is kept in the file under its names.
    pub(crate) fn new(
        sink: W,
        columns: &[(&str, bool)],
        about: &[(&str, String)],
    ) -> Result<Self, ParquetError> {
        let mut fields = vec![field(WORLD, Physical::INT64, Repetition::REQUIRED)?];
        let mut properties = properties().set_statistics_enabled(EnabledStatistics::Chunk);
        for (name, repeats) in columns {
            fields.push(field(name, Physical::DOUBLE, Repetition::OPTIONAL)?);
            if *repeats {
                let path = ColumnPath::new(vec![(*name).to_owned()]);
                properties = properties.set_column_dictionary_enabled(path, true);
            }
        }
        let about = about
            .iter()
            .map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
        let properties = properties.set_key_value_metadata(Some(about.collect()));
        let file = SerializedFileWriter::new(sink, schema(fields)?, Arc::new(properties.build()))?;
        Ok(Self(file))
    }

    /// Adds the rows of world `first` and those after it; NaN becomes null.
    pub(crate) fn group(&mut self, first: usize, columns: &[Vec<f64>]) -> Result<(), ParquetError> {
        let rows = columns.first().map_or(0, Vec::len);
        let mut group = self.0.next_row_group()?;
        if let Some(mut column) = group.next_column()? {
            let worlds: Vec<i64> = (first..first + rows)
                .map(|world| i64::try_from(world).unwrap_or(i64::MAX))
                .collect();
            column
                .typed::<Int64Type>()
                .write_batch(&worlds, None, None)?;
            column.close()?;
        }
        for values in columns {
            let levels: Vec<i16> = values.iter().map(|x| i16::from(!x.is_nan())).collect();
            let present: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
            if let Some(mut column) = group.next_column()? {
                column
                    .typed::<DoubleType>()
                    .write_batch(&present, Some(&levels), None)?;
                column.close()?;
            }
        }
        group.close()?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), ParquetError> {
        self.0.close()?;
        Ok(())
    }
}

/// Reads a run's table.
pub(crate) struct Reader(SerializedFileReader<File>);

impl Reader {
    /// Opens a file; one without its end is no table.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error: &dyn std::fmt::Display| output::failed(path, "read", error);
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let file = SerializedFileReader::new(file).map_err(|error| unreadable(&error))?;
        Ok(Self(file))
    }

    /// Names of the columns but the world's.
    pub(crate) fn names(&self) -> Vec<String> {
        let schema = self.0.metadata().file_metadata().schema_descr_ptr();
        let names = schema.columns().iter().skip(1);
        names.map(|column| column.name().to_owned()).collect()
    }

    /// What the file keeps under a name.
    pub(crate) fn about(&self, name: &str) -> Option<&str> {
        let all = self.0.metadata().file_metadata().key_value_metadata()?;
        all.iter().find(|kept| kept.key == name)?.value.as_deref()
    }

    pub(crate) fn rows(&self) -> usize {
        let rows = self.0.metadata().file_metadata().num_rows();
        usize::try_from(rows).unwrap_or(0)
    }

    pub(crate) fn groups(&self) -> usize {
        self.0.num_row_groups()
    }

    /// The numbers of a column in a group of rows, NaN for null.
    pub(crate) fn part(&self, group: usize, column: usize) -> Result<Vec<f64>, ParquetError> {
        let group = self.0.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let reader = group.get_column_reader(column + 1)?;
        let mut reader = get_typed_column_reader::<DoubleType>(reader);
        let (mut levels, mut present) = (Vec::new(), Vec::new());
        while levels.len() < rows {
            let (read, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut present)?;
            if read == 0 {
                return Err(ParquetError::EOF("a column ends early".into()));
            }
        }
        let mut present = present.into_iter();
        let value = |level: &i16| if *level > 0 { present.next() } else { None };
        Ok(levels
            .iter()
            .map(value)
            .map(|x| x.unwrap_or(f64::NAN))
            .collect())
    }

    /// The numbers of a column in all rows, NaN for null.
    pub(crate) fn column(&self, column: usize) -> Result<Vec<f64>, ParquetError> {
        let parts = (0..self.groups()).map(|group| self.part(group, column));
        Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn what_is_written_reads_back() {
        let (a, b) = ([1.5, f64::NAN, -2.0], [0.1, 0.2, 0.3]);
        let write = || {
            let mut bytes = Vec::new();
            let mut drawn = super::Drawn::new(&mut bytes, &["contest.edge", "b"]).unwrap();
            drawn.group(&[&a[..2], &b[..2]]).unwrap();
            drawn.group(&[&a[2..], &b[2..]]).unwrap();
            drawn.finish().unwrap();
            bytes
        };
        let bytes = write();
        assert_eq!(bytes, write());
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

    #[test]
    fn a_run_table_reads_back_with_what_was_not_computed() {
        let columns = vec![vec![1.0, f64::NAN, 1.0], vec![f64::NAN, 0.1, -7.25]];
        let names = [("a.flag[x, y]", true), ("b", false)];
        let mut bytes = Vec::new();
        let about = [("k", "v".to_owned())];
        let mut writer = super::Writer::new(&mut bytes, &names, &about).unwrap();
        writer.group(0, &columns).unwrap();
        writer.group(3, &columns).unwrap();
        writer.finish().unwrap();
        let path = std::env::temp_dir().join(format!("detente-{}.parquet", std::process::id()));
        std::fs::write(&path, &bytes).unwrap();
        let reader = super::Reader::open(&path).expect("a table");
        assert_eq!((reader.rows(), reader.groups()), (6, 2));
        assert_eq!(reader.names(), ["a.flag[x, y]", "b"]);
        assert_eq!(reader.about("k"), Some("v"));
        for (i, column) in columns.iter().enumerate() {
            let read = reader.column(i).unwrap();
            let bits = |x: &f64| x.to_bits();
            assert!(
                read.iter()
                    .map(bits)
                    .eq(column.iter().chain(column).map(bits))
            );
        }
        // Cut anywhere, it is no table.
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(super::Reader::open(&path).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
