//! Work on many threads with results in order: what reading and extracting run on.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, mpsc};
use std::thread;

/// The most bytes of input under way at once, so that memory stays bounded whatever is read.
const BYTES_UNDER_WAY: usize = 48 << 20;
/// The most items under way at once.
const ITEMS_UNDER_WAY: usize = 512;
/// What goes from thread to thread at one time: waking a thread costs as much as a short article.
const BATCH_ITEMS: usize = 16;
const BATCH_BYTES: usize = 64 << 10;
/// Room for parsers that recurse, in bytes.
const STACK: usize = 8 << 20;

/// Feeds items through `work` on `threads` threads and hands the results to `take` in the order they were fed.
///
/// `feed` runs on a thread of its own and calls its argument with each item and the item's size in bytes; that call
/// waits while too much is under way, and says `Break` once `take` has had enough.
pub fn in_order<T: Send, R: Send>(
    threads: usize,
    feed: impl FnOnce(&mut dyn FnMut(T, usize) -> ControlFlow<()>) + Send,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) {
    let gate = Gate::default();
    let stop = AtomicBool::new(false);
    let (batch_in, batch_out) = mpsc::channel::<(usize, Batch<T>)>();
    let batch_out = Mutex::new(batch_out);
    let (result_in, result_out) = mpsc::channel::<(usize, Batch<R>)>();
    thread::scope(|scope| {
        let (gate, stop, work, batch_out) = (&gate, &stop, &work, &batch_out);
        spawn(scope, move || {
            let mut batches = 0;
            let mut batch = Batch::default();
            let mut send = |batch: &mut Batch<T>| {
                gate.enter(batch.items.len(), batch.bytes);
                batches += 1;
                batch_in.send((batches - 1, std::mem::take(batch))).is_ok() && !stop.load(Ordering::Relaxed)
            };
            feed(&mut |item, bytes| {
                batch.items.push(item);
                batch.bytes += bytes;
                let full = batch.items.len() >= BATCH_ITEMS || batch.bytes >= BATCH_BYTES;
                if !full || send(&mut batch) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            send(&mut batch);
        });
        for _ in 0..threads.max(1) {
            let result_in = result_in.clone();
            spawn(scope, move || {
                loop {
                    let next = batch_out.lock().expect("no holder panics: it only receives").recv();
                    let Ok((number, Batch { items, bytes })) = next else { return };
                    let items = items.into_iter().map(work).collect();
                    if result_in.send((number, Batch { items, bytes })).is_err() {
                        return;
                    }
                }
            });
        }
        drop(result_in);
        let mut waiting: BTreeMap<usize, Batch<R>> = BTreeMap::new();
        let mut next = 0;
        for (number, batch) in result_out {
            waiting.insert(number, batch);
            while let Some(Batch { items, bytes }) = waiting.remove(&next) {
                next += 1;
                gate.leave(items.len(), bytes);
                for result in items {
                    if !stop.load(Ordering::Relaxed) && take(result).is_break() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    });
}

/// Items that go together, with their size in bytes.
struct Batch<T> {
    items: Vec<T>,
    bytes: usize,
}

impl<T> Default for Batch<T> {
    fn default() -> Batch<T> {
        Batch { items: Vec::new(), bytes: 0 }
    }
}

fn spawn<'scope>(scope: &'scope thread::Scope<'scope, '_>, body: impl FnOnce() + Send + 'scope) {
    thread::Builder::new()
        .stack_size(STACK)
        .spawn_scoped(scope, body)
        .expect("the system gives a few threads");
}

/// Counts what is under way and makes the feeder wait.
#[derive(Default)]
struct Gate {
    under_way: Mutex<(usize, usize)>,
    freed: Condvar,
}

impl Gate {
    /// Waits for room; a batch larger than all the room goes alone.
    fn enter(&self, items: usize, bytes: usize) {
        let full = |&mut (held_items, held): &mut (usize, usize)| {
            held_items > 0 && (held_items + items > ITEMS_UNDER_WAY || held + bytes > BYTES_UNDER_WAY)
        };
        let under_way = self.under_way.lock().expect("no holder panics: it only counts");
        let mut under_way = self.freed.wait_while(under_way, full).expect("no holder panics: it only counts");
        *under_way = (under_way.0 + items, under_way.1 + bytes);
    }

    fn leave(&self, items: usize, bytes: usize) {
        let mut under_way = self.under_way.lock().expect("no holder panics: it only counts");
        *under_way = (under_way.0 - items, under_way.1 - bytes);
        self.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use std::ops::ControlFlow;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in [1, 2, 7] {
            let mut results = Vec::new();
            in_order(
                threads,
                |give| (0..2000u64).for_each(|n| assert!(give(n, 1 << 20).is_continue())),
                |n| {
                    if n % 97 == 0 {
                        std::thread::sleep(std::time::Duration::from_micros(300));
                    }
                    n * 2
                },
                |n| {
                    results.push(n);
                    ControlFlow::Continue(())
                },
            );
            assert!(results.iter().copied().eq((0..2000).map(|n| n * 2)), "{threads} threads");
        }
    }

    #[test]
    fn a_taker_that_has_enough_stops_the_feeder() {
        let mut fed = 0;
        let mut taken = 0;
        in_order(
            2,
            |give| {
                while give((), 1).is_continue() {
                    fed += 1
                }
            },
            |()| (),
            |()| {
                taken += 1;
                if taken == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(taken, 10);
        assert!(fed < 2000);
    }
}
