//! Applying a package of services: dated grants that await confirmation, the visits they make, and what all visits need meanwhile.

use super::calendar::{Calendar, parse};
use crate::ReadError;
use crate::district::pointer::Faults;
use crate::district::{Demand, District, Grant, GrantKind, GrantStatus, Precaution};

/// A package that a person grants a citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOrder {
    /// The package's id.
    pub package: String,
    /// The citizen's id.
    pub citizen: String,
    /// The first calendar date, `YYYY-MM-DD`.
    pub from: String,
    /// The role of whoever grants it.
    pub by_role: String,
    /// The only carers who come meanwhile; empty: anybody who may.
    pub carers: Vec<String>,
}

/// Why a package is not applied.
#[derive(Clone, Debug)]
pub enum PackageRefusal {
    /// There is no such package.
    NoPackage,
    /// There is no such citizen.
    NoCitizen,
    /// The role may not grant it.
    NotByRole {
        /// The roles that may.
        granted_by: Vec<String>,
    },
    /// It runs already for this citizen from this date.
    AlreadyApplied,
    /// The district has faults with it.
    Faults(ReadError),
}

/// A district with a package applied.
#[derive(Clone, Debug)]
pub struct AppliedPackage {
    /// The district with its visits made anew.
    pub demand: Demand,
    /// The grants that are new. They await confirmation by whoever decides about grants.
    pub grants: Vec<String>,
    /// The last calendar date on which they hold.
    pub until: String,
}

impl District {
    /// The district in which a person has granted a citizen a package. Its grants end by themselves after the package's days and await
    /// confirmation; visits are made from them at once.
    ///
    /// # Errors
    /// Where catalogue, citizen, role or date do not fit.
    pub fn with_package(&self, order: &PackageOrder) -> Result<AppliedPackage, PackageRefusal> {
        let package = self.packages.iter().find(|package| package.id == order.package).ok_or(PackageRefusal::NoPackage)?;
        let _ = self.citizens.iter().find(|citizen| citizen.id == order.citizen).ok_or(PackageRefusal::NoCitizen)?;
        if !package.granted_by.contains(&order.by_role) {
            return Err(PackageRefusal::NotByRole { granted_by: package.granted_by.clone() });
        }
        let mut faults = Faults::default();
        let Some((calendar, first)) = Calendar::of(self).zip(parse(&order.from)) else {
            faults.add("", format!("`{}` and the district's date must be dates like 2026-11-23", order.from));
            return Err(PackageRefusal::Faults(ReadError { faults: faults.found }));
        };
        let until = calendar.date(calendar.day(first) + package.days.clamp(1, 365) - 1);
        for carer in order.carers.iter().filter(|carer| !self.carers.iter().any(|one| one.id == **carer)) {
            faults.unknown("", "carer", carer);
        }
        faults.into_result(()).map_err(PackageRefusal::Faults)?;
        let id = |nth: usize| format!("{}/{}/{}/{}", package.id, order.citizen, order.from, nth + 1);
        if self.grants.iter().any(|grant| grant.id == id(0)) {
            return Err(PackageRefusal::AlreadyApplied);
        }
        let grants = package.services.iter().enumerate().map(|(nth, service)| Grant {
            id: id(nth),
            citizen: order.citizen.clone(),
            service: service.service.clone(),
            kind: GrantKind::Visits,
            minutes: service.minutes,
            repetition: Some(service.repetition.clone()),
            carers: service.carers,
            skills: None,
            supplier: None,
            legal_basis: None,
            from: Some(order.from.clone()),
            until: Some(until.clone()),
            priority: 1,
            need: crate::district::Need::Required,
            status: GrantStatus::AwaitingConfirmation,
            granted_by: Some(order.by_role.clone()),
        });
        let mut next = self.clone();
        next.grants.extend(grants);
        next.precautions.push(Precaution {
            citizen: order.citizen.clone(),
            from: order.from.clone(),
            until: until.clone(),
            extra_minutes: package.extra_minutes,
            last: package.last,
            carers: order.carers.clone(),
            package: Some(package.id.clone()),
        });
        let demand = next.with_demand().map_err(PackageRefusal::Faults)?;
        let _ = demand.district.problem().map_err(PackageRefusal::Faults)?;
        Ok(AppliedPackage { demand, grants: (0..package.services.len()).map(id).collect(), until })
    }
}
