//! The index on an OpenSearch cluster: for archives that one machine cannot hold.

mod address;
mod client;
mod cluster;
mod mapping;
mod body;
mod load;
mod write;
mod repair;
mod translate;
mod ask;
mod buckets;
mod count;
mod totals;
mod words;

pub use ask::RemoteReader;
pub use cluster::RemoteIndex;
pub use mapping::mapping_json;
pub use write::RemoteWriter;
