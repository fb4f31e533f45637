//! CRLs: what they forget, and what they can't.

use cqm_core::{Date, Verdict};
use cqm_keys::{CrlReason, Revocation};
use cqm_sign::Signer as _;

use crate::{
    lists,
    office::{ISSUED, List, OFFICE, crl, kept, kept_lists, run, run_with},
};

const OLD: Date = Date::constant(2023, 6, 1);

/// The CRLs that can be given to make a kept list look bad: old ones, ones that revoke the signer
/// for another reason, ones of a wrong issuer.
fn crls_that_forget_nothing() -> Vec<Vec<u8>> {
    let stolen = |issuer| {
        let certificate = &OFFICE.list_signers[0].certificates()[0];
        let revocation = Revocation { certificate, reason: CrlReason::KeyCompromise, at: ISSUED.start() };
        crl(issuer, 9, ISSUED, &[revocation])
    };
    vec![
        OFFICE.crl(1, OLD, &[]),
        OFFICE.crl(2, OLD, &[(0, CrlReason::CessationOfOperation)]),
        OFFICE.crl(3, ISSUED, &[(0, CrlReason::Superseded)]),
        OFFICE.crl(4, ISSUED, &[(1, CrlReason::KeyCompromise)]),
        OFFICE.root_crl(OLD),
        // Neither the root nor a signer can revoke what the issuing CA has issued.
        stolen(&OFFICE.root),
        stolen(&OFFICE.list_signers[1]),
    ]
}

#[test]
fn no_crl_wipes_what_was_seen() {
    let [one, _, three] = lists();
    for (at, crl) in crls_that_forget_nothing().into_iter().enumerate() {
        for given in [&[one.clone()][..], &[]] {
            let folder = tempfile::tempdir().unwrap();
            assert_eq!(run(folder.path(), &three).verdict(), Verdict::Valid);
            run_with(folder.path(), given, std::slice::from_ref(&crl));
            assert_eq!(kept_lists(folder.path()), [three.clone()].into(), "{at}");
            let again = run(folder.path(), &one);
            assert!(again.verdict() != Verdict::Valid && kept_lists(folder.path()) == [three.clone()].into());
        }
    }
    // Without any CRL.
    let folder = tempfile::tempdir().unwrap();
    run_with(folder.path(), std::slice::from_ref(&three), &[]);
    assert!(run_with(folder.path(), std::slice::from_ref(&one), &[]).has("status.rollback"));
}

#[test]
fn a_list_is_remembered_though_the_given_crl_is_old() {
    let [one, _, three] = lists();
    let folder = tempfile::tempdir().unwrap();
    let refused = run_with(folder.path(), std::slice::from_ref(&three), &[OFFICE.crl(1, OLD, &[])]);
    assert!(refused.has("status.untrusted-signer"), "{refused:?}");
    assert!(run(folder.path(), &one).has("status.rollback"));
}

#[test]
fn lists_of_a_stolen_key_are_forgotten() {
    let [one, ..] = lists();
    let forged = List::new(1 << 32, None);
    let other = List { signer: 1, ..forged.clone() };
    let by_new_signer = List { signer: 2, ..List::new(2, Some(&one)) }.sign();
    for reason in [CrlReason::KeyCompromise, CrlReason::Superseded] {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &one);
        run(folder.path(), &other.sign());
        assert!(run(folder.path(), &by_new_signer).has("status.rollback"));
        let revoked = [OFFICE.crl(2, ISSUED, &[(1, reason)]), OFFICE.root_crl(ISSUED)];
        let after = run_with(folder.path(), std::slice::from_ref(&by_new_signer), &revoked);
        let is_stolen = reason == CrlReason::KeyCompromise;
        assert_eq!(after.verdict() == Verdict::Valid, is_stolen, "{after:?}");
        assert_eq!(kept_lists(folder.path()).contains(&other.sign()), !is_stolen);
        // The CRL is remembered: even with the one from before, the list is not believed again.
        assert!(run(folder.path(), &other.sign()).has("status.untrusted-signer"));
        assert_eq!(run(folder.path(), &by_new_signer).verdict() == Verdict::Valid, is_stolen);
    }
}

#[test]
fn what_another_signer_said_is_not_forgotten_with_a_stolen_key() {
    let event = crate::office::stop(3, 4);
    let genuine = List::new(1, None).with_events(&[event]);
    let forged = List { signer: 1, ..List::new(1 << 32, None).with_events(&[event]) };
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &genuine.sign());
    run(folder.path(), &forged.sign());
    let revoked = [OFFICE.crl(2, ISSUED, &[(1, CrlReason::KeyCompromise)]), OFFICE.root_crl(ISSUED)];
    let hidden = List { signer: 2, ..List::new(2, Some(&genuine.sign())) }.sign();
    let run = run_with(folder.path(), &[hidden], &revoked);
    assert!(run.has("status.fork") && !run.has("status.rollback"), "{run:?}");
}

#[test]
fn lists_under_a_stolen_authority_are_forgotten() {
    let [.., three] = lists();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &three);
    let revoke = |reason, number| {
        let certificate = &OFFICE.ca.certificates()[0];
        crl(&OFFICE.root, number, ISSUED, &[Revocation { certificate, reason, at: ISSUED.start() }])
    };
    run_with(folder.path(), std::slice::from_ref(&three), &[revoke(CrlReason::Superseded, 1)]);
    assert_eq!(kept_lists(folder.path()).len(), 1);
    run_with(folder.path(), &[three], &[revoke(CrlReason::CaCompromise, 2)]);
    assert_eq!(kept_lists(folder.path()).len(), 0);
}

#[test]
fn an_older_crl_undoes_no_revocation() {
    let [one, ..] = lists();
    let revoked = OFFICE.crl(2, ISSUED, &[(0, CrlReason::KeyCompromise)]);
    for (crl, number_kept) in [(revoked, 2), (OFFICE.crl(2, ISSUED, &[]), 2)] {
        let folder = tempfile::tempdir().unwrap();
        let first = run_with(folder.path(), std::slice::from_ref(&one), &[crl.clone(), OFFICE.root_crl(ISSUED)]);
        // The CRLs from before the revocation, or none.
        for given in [OFFICE.current_crls(), vec![OFFICE.root_crl(ISSUED)], vec![]] {
            let later = run_with(folder.path(), std::slice::from_ref(&one), &given);
            assert_eq!(later.has("status.untrusted-signer"), first.has("status.untrusted-signer"), "{later:?}");
        }
        assert_eq!(kept(folder.path(), ".crl").len(), number_kept);
    }
}

#[test]
fn of_the_crls_of_a_key_the_newest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let [one, ..] = lists();
    let day = |day| Date::constant(2024, 1, day);
    let crls = [
        OFFICE.crl(5, day(3), &[]),
        OFFICE.crl(6, day(3), &[]),
        OFFICE.crl(2, day(9), &[]),
        OFFICE.crl(3, day(9), &[]),
        OFFICE.crl(1 << 40, day(2), &[]),
    ];
    let newest = crls[3].clone();
    for at in [0, 3, 1, 4, 2] {
        run_with(folder.path(), std::slice::from_ref(&one), &[crls[at].clone()]);
    }
    let [name] = &kept(folder.path(), ".crl")[..] else { panic!("not one CRL") };
    assert_eq!(std::fs::read(folder.path().join("status").join(name)).unwrap(), newest);
    // The CRL of an unknown issuer is not kept.
    let unknown = crl(&OFFICE.list_signers[0], 9, ISSUED, &[]);
    run_with(folder.path(), &[one], &[unknown]);
    assert_eq!(kept(folder.path(), ".crl").len(), 1);
}
