//! A priority queue of lines by the length of a path, whose keys can be lowered.
//!
//! A heap with four children a node: it is half as deep as a binary one and a node's children share a cache line,
//! which suits a search that pushes and lowers far more than it pops.

/// In place of a position: not in the queue.
const ABSENT: u32 = u32::MAX;

const CHILDREN: usize = 4;

/// Lines, each at most once, ordered by key.
pub(super) struct Heap<'a> {
    /// The keys in heap order,
    keys: &'a mut [f64],
    /// and the line of each.
    lines: &'a mut [u32],
    /// Where each line is in these, or [`ABSENT`].
    positions: &'a mut [u32],
    len: usize,
}

impl<'a> Heap<'a> {
    /// An empty queue; all three slices are as long as there are lines.
    pub(super) fn new(keys: &'a mut [f64], lines: &'a mut [u32], positions: &'a mut [u32]) -> Self {
        positions.fill(ABSENT);
        Self { keys, lines, positions, len: 0 }
    }

    /// The least key, +infinity in an empty queue.
    #[inline(always)]
    pub(super) fn least(&self) -> f64 {
        if self.len > 0 { self.keys[0] } else { f64::INFINITY }
    }

    /// All lines, in heap order: those with low keys tend to come first.
    pub(super) fn lines(&self) -> &[u32] {
        &self.lines[..self.len]
    }

    /// Removes all lines.
    pub(super) fn clear(&mut self) {
        for &line in &self.lines[..self.len] {
            self.positions[line as usize] = ABSENT;
        }
        self.len = 0;
    }

    /// Adds a line, or lowers its key.
    #[inline(always)]
    pub(super) fn push(&mut self, key: f64, line: u32) {
        let mut hole = self.positions[line as usize] as usize;
        if hole == ABSENT as usize {
            hole = self.len;
            self.len += 1;
        }
        while hole > 0 {
            let parent = (hole - 1) / CHILDREN;
            if self.keys[parent] <= key {
                break;
            }
            self.put(hole, self.keys[parent], self.lines[parent]);
            hole = parent;
        }
        self.put(hole, key, line);
    }

    /// Removes the line with the least key; the queue must not be empty.
    pub(super) fn pop(&mut self) -> u32 {
        let top = self.lines[0];
        self.positions[top as usize] = ABSENT;
        self.len -= 1;
        let (key, line) = (self.keys[self.len], self.lines[self.len]);
        if self.len > 0 {
            let mut hole = 0;
            loop {
                let first = CHILDREN * hole + 1;
                if first >= self.len {
                    break;
                }
                let mut child = first;
                for other in first + 1..self.len.min(first + CHILDREN) {
                    if self.keys[other] < self.keys[child] {
                        child = other;
                    }
                }
                if self.keys[child] >= key {
                    break;
                }
                self.put(hole, self.keys[child], self.lines[child]);
                hole = child;
            }
            self.put(hole, key, line);
        }
        top
    }

    #[inline(always)]
    fn put(&mut self, position: usize, key: f64, line: u32) {
        self.keys[position] = key;
        self.lines[position] = line;
        self.positions[line as usize] = position as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_off_in_the_order_of_their_lowered_keys() {
        const LINES: usize = 50;
        let (mut keys, mut lines, mut positions) = ([0.0; LINES], [0; LINES], [0; LINES]);
        let mut heap = Heap::new(&mut keys, &mut lines, &mut positions);
        for line in 0..LINES {
            heap.push(((line * 37) % 101) as f64 + 200.0, line as u32);
        }
        for line in (0..LINES).step_by(3) {
            heap.push(((line * 53) % 101) as f64, line as u32);
        }
        let key = |line: usize| {
            if line.is_multiple_of(3) { (line * 53) % 101 } else { (line * 37) % 101 + 200 }
        };
        let mut expected: [usize; LINES] = core::array::from_fn(key);
        expected.sort_unstable();
        for value in expected {
            assert_eq!(heap.least(), value as f64);
            assert_eq!(key(heap.pop() as usize), value);
        }
        assert_eq!(heap.least(), f64::INFINITY);
        heap.push(1.0, 7);
        heap.clear();
        heap.push(2.0, 7);
        assert_eq!((heap.pop(), heap.least()), (7, f64::INFINITY));
    }
}
