//! Random histories of lists and CRLs, shown in any order, against a simple model.
//!
//! The model remembers everything. Its answer about a list follows from all lists that were shown
//! and whose signers' keys are not stolen by the newest CRL that was shown.

use std::{collections::BTreeSet, path::Path};

use cqm_core::Date;
use cqm_keys::CrlReason;
use cqm_status::Digest;

use crate::office::{ISSUED, List, OFFICE, Run, SIGNERS, kept, other_token, run_with, stop};

/// Pseudo-random numbers, the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut next = self.0;
        next = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        next = (next ^ (next >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        next ^ (next >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// True in one of `of` cases.
    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for at in (1..values.len()).rev() {
            values.swap(at, self.below(at + 1));
        }
    }
}

struct Shown {
    list: List,
    bytes: Vec<u8>,
}

/// A CRL of the issuing CA; each revokes whom the ones before it revoke.
struct ShownCrl {
    stolen: BTreeSet<usize>,
    bytes: Vec<u8>,
}

struct World {
    lists: Vec<Shown>,
    /// The oldest first.
    crls: Vec<ShownCrl>,
}

impl World {
    fn new(random: &mut Random) -> Self {
        let mut lists: Vec<Shown> = Vec::new();
        for number in 0..7 * SIGNERS {
            let mut list = match lists.len() {
                0 => List::new(1, None),
                count => {
                    let parent = if random.one_in(3) { random.below(count) } else { count - 1 };
                    let parent = &lists[parent];
                    let seq = parent.list.seq + if random.one_in(4) { 2 } else { 1 };
                    let prev = if random.one_in(8) { Digest([9; 32]) } else { Digest::of_list(&parent.bytes) };
                    List { seq, prev: Some(prev), ..parent.list.clone() }
                }
            };
            list.signer = number % SIGNERS;
            if random.one_in(2) {
                let event = stop(3, i8::try_from(random.below(12) + 1).unwrap());
                list.events.retain(|other| *other != event);
                list.events.push(event);
            }
            if random.one_in(6) && !list.events.is_empty() {
                list.events.remove(random.below(list.events.len()));
            }
            if random.one_in(6) {
                list.issued = u32::try_from(5 + random.below(4)).unwrap();
            }
            if random.one_in(8) {
                list.tokens = vec![(2, other_token(u8::try_from(2 + random.below(2)).unwrap()))];
            }
            if random.one_in(5) {
                // Contains everything, with the largest number: heals what can be healed.
                list.seq = lists.iter().map(|shown| shown.list.seq).max().unwrap_or(0) + 2;
                list.prev = Some(Digest([9; 32]));
                list.issued = 8;
                list.events = (1..=12).map(|day| stop(3, day)).collect();
            }
            list.events.sort_by_key(|event| event.effective);
            lists.push(Shown { bytes: list.sign(), list });
        }
        let mut crls: Vec<ShownCrl> = Vec::new();
        for number in 1..=4_i8 {
            let mut stolen = crls.last().map(|crl| crl.stolen.clone()).unwrap_or_default();
            if number > 1 && random.one_in(3) {
                stolen.insert(random.below(SIGNERS));
            }
            let mut revoked: Vec<_> = stolen.iter().map(|signer| (*signer, CrlReason::KeyCompromise)).collect();
            let other = random.below(SIGNERS);
            if random.one_in(3) && !stolen.contains(&other) {
                revoked.push((other, CrlReason::Superseded));
            }
            // The first two are stale when lists are issued.
            let from = if number <= 2 { Date::constant(2023, 6, number) } else { Date::constant(2024, 1, number) };
            crls.push(ShownCrl { stolen, bytes: OFFICE.crl(number.unsigned_abs().into(), from, &revoked) });
        }
        Self { lists, crls }
    }
}

/// What was shown until now.
#[derive(Default)]
struct Model {
    lists: BTreeSet<usize>,
    newest_crl: Option<usize>,
}

impl Model {
    fn live<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Shown> {
        let stolen = self.newest_crl.map(|crl| &world.crls[crl].stolen);
        let is_live = move |shown: &&Shown| stolen.is_none_or(|stolen| !stolen.contains(&shown.list.signer));
        self.lists.iter().map(|at| &world.lists[*at]).filter(is_live)
    }

    fn is_forked(&self, world: &World) -> bool {
        let follows_all = |one: &Shown| self.live(world).all(|other| one.bytes == other.bytes || follows(one, other));
        self.live(world).next().is_some() && !self.live(world).any(follows_all)
    }

    fn has_newer(&self, world: &World, seq: u64) -> bool {
        self.live(world).any(|shown| shown.list.seq > seq)
    }
}

fn follows(one: &Shown, other: &Shown) -> bool {
    let names_it = one.list.seq != other.list.seq + 1 || one.list.prev == Some(Digest::of_list(&other.bytes));
    one.list.seq > other.list.seq
        && names_it
        && one.list.issued >= other.list.issued
        && other.list.events.iter().all(|event| one.list.events.contains(event))
        && other.list.tokens.iter().all(|token| one.list.tokens.contains(token))
}

fn show(folder: &Path, world: &World, lists: &[usize], crls: &[usize]) -> Run {
    let lists: Vec<Vec<u8>> = lists.iter().map(|at| world.lists[*at].bytes.clone()).collect();
    let crls: Vec<Vec<u8>> = crls.iter().map(|at| world.crls[*at].bytes.clone()).collect();
    run_with(folder, &lists, &[crls, vec![OFFICE.root_crl(ISSUED)]].concat())
}

#[test]
fn the_memory_answers_as_if_it_had_kept_everything() {
    let (mut forks, mut rollbacks, mut good, mut refused) = (0, 0, 0, 0);
    for seed in 0..30 {
        let mut random = Random(seed);
        let world = World::new(&mut random);
        let folder = tempfile::tempdir().unwrap();
        let mut model = Model::default();
        for step in 0..30 {
            let at = random.below(world.lists.len());
            let crl = random.one_in(3).then(|| random.below(world.crls.len()));
            model.lists.insert(at);
            model.newest_crl = model.newest_crl.max(crl);
            let run = show(folder.path(), &world, &[at], crl.as_slice());
            assert!(run.problems.is_empty(), "{run:?}");
            if run.has("status.untrusted-signer") {
                refused += 1;
                continue;
            }
            let found = (run.has("status.fork"), run.has("status.rollback"));
            let expected = (model.is_forked(&world), model.has_newer(&world, world.lists[at].list.seq));
            assert_eq!(found, expected, "seed {seed}, step {step}: {run:?}");
            let (is_fork, is_rollback) = expected;
            forks += usize::from(is_fork);
            rollbacks += usize::from(is_rollback);
            good += usize::from(!is_fork && !is_rollback);
        }
    }
    let counts = [forks, rollbacks, good, refused];
    assert!(counts.into_iter().all(|count| count > 50), "every answer occurs: {counts:?}");
}

#[test]
fn what_is_kept_does_not_depend_on_the_order() {
    for seed in 100..115 {
        let mut random = Random(seed);
        let world = World::new(&mut random);
        let mut results = BTreeSet::new();
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let mut order: Vec<(usize, bool)> = (0..world.lists.len()).map(|at| (at, true)).collect();
            order.extend((0..world.crls.len()).map(|at| (at, false)));
            random.shuffle(&mut order);
            for (at, is_list) in order {
                match is_list {
                    true => show(folder.path(), &world, &[at], &[]),
                    false => show(folder.path(), &world, &[], &[at]),
                };
            }
            // Lists are looked through only when one of their name is given.
            show(folder.path(), &world, &[0], &[]);
            results.insert((kept(folder.path(), ".jwt"), kept(folder.path(), ".crl")));
        }
        assert_eq!(results.len(), 1, "seed {seed}: {results:?}");
    }
}
