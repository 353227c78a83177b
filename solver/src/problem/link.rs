//! Temporal links between visits, and the clusters of visits they tie together.

use super::{IdVec, Moment, Ticks, Visit, VisitId};

/// Ties two visits in time: `min <= start(second) - start(first) <= max`.
///
/// Equal start is `[0, 0]`, precedence `[d, MAX]`, "not before 30 minutes after, within the hour" `[30, 60]`, and
/// `[MIN, MAX]` ties only the fate: **the visits of a link are served both or neither**.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The visit that differences are counted from.
    pub first: VisitId,
    /// The other visit.
    pub second: VisitId,
    /// Smallest difference of service starts; [`Link::MIN`] is no limit.
    pub min: Ticks,
    /// Largest difference of service starts; [`Link::MAX`] is no limit.
    pub max: Ticks,
    /// Whether two different carers must come.
    pub different_carers: bool,
}

impl Link {
    /// A lower end that binds nothing.
    pub const MIN: Ticks = Ticks(-(1 << 41));
    /// An upper end that binds nothing.
    pub const MAX: Ticks = Ticks(1 << 41);
}

/// Visits tied together by links, directly or through others. Every visit is in exactly one cluster; most are alone in theirs.
///
/// `gap[i][j]` is the smallest allowed `start(j) - start(i)` that the links imply (longest path over the links,
/// Floyd-Warshall), so that with `base` the earliest starts the routes allow, the earliest starts the links allow are
/// `start(j) = max_i base(i) + gap[i][j]`: one step, no iteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The visits, ascending.
    pub members: Vec<VisitId>,
    /// Row-major members × members; [`Cluster::FREE`] where nothing binds.
    pub gap: Vec<i64>,
}

impl Cluster {
    /// No implied gap. Small enough that a sum of two stays far from overflow.
    pub const FREE: i64 = -(1 << 50);

    /// Implied smallest `start(members[j]) - start(members[i])` in ticks, [`Cluster::FREE`] if none.
    #[must_use]
    pub fn gap(&self, i: usize, j: usize) -> i64 {
        self.gap[i * self.members.len() + j]
    }
}

/// The visits by cluster.
pub(super) struct Clusters {
    /// The clusters, in the order of their first visits.
    pub(super) all: Vec<Cluster>,
    /// The index of each visit's cluster.
    pub(super) of_visit: IdVec<VisitId, u32>,
}

/// Groups the visits into clusters, or returns visits whose links contradict each other.
pub(super) fn clusters(visits: &IdVec<VisitId, Visit>, links: &[Link]) -> Result<Clusters, Vec<VisitId>> {
    let mut root: Vec<usize> = (0..visits.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for link in links {
        let (a, b) = (find(&mut root, link.first.idx()), find(&mut root, link.second.idx()));
        root[a.max(b)] = a.min(b);
    }
    let mut cluster_of = vec![u32::MAX; visits.len()];
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut position = vec![0usize; visits.len()];
    for visit in 0..visits.len() {
        let top = find(&mut root, visit);
        if top == visit {
            cluster_of[visit] = u32::try_from(clusters.len()).expect("as many clusters as visits at most");
            clusters.push(Cluster { members: Vec::new(), gap: Vec::new() });
        } else {
            cluster_of[visit] = cluster_of[top];
        }
        let members = &mut clusters[cluster_of[visit] as usize].members;
        position[visit] = members.len();
        members.push(VisitId::new(visit));
    }
    for cluster in &mut clusters {
        let n = cluster.members.len();
        cluster.gap = vec![Cluster::FREE; n * n];
        for i in 0..n {
            cluster.gap[i * n + i] = 0;
        }
    }
    for link in links {
        let cluster = &mut clusters[cluster_of[link.first.idx()] as usize];
        let n = cluster.members.len();
        let (i, j) = (position[link.first.idx()], position[link.second.idx()]);
        if link.min > Link::MIN {
            cluster.gap[i * n + j] = cluster.gap[i * n + j].max(link.min.0);
        }
        if link.max < Link::MAX {
            cluster.gap[j * n + i] = cluster.gap[j * n + i].max(-link.max.0);
        }
    }
    let mut contradicting = Vec::new();
    for cluster in &mut clusters {
        let n = cluster.members.len();
        for via in 0..n {
            for i in 0..n {
                for j in 0..n {
                    let path = (cluster.gap[i * n + via], cluster.gap[via * n + j]);
                    if path.0 > Cluster::FREE && path.1 > Cluster::FREE {
                        cluster.gap[i * n + j] = cluster.gap[i * n + j].max(path.0 + path.1);
                    }
                }
            }
            if (0..n).any(|i| cluster.gap[i * n + i] > 0) {
                break;
            }
        }
        if (0..n).any(|i| cluster.gap[i * n + i] > 0) {
            contradicting.extend(cluster.members.iter().copied());
        }
    }
    if contradicting.is_empty() { Ok(Clusters { all: clusters, of_visit: cluster_of.into() }) } else { Err(contradicting) }
}

/// Whether two starts keep a link.
#[must_use]
pub fn keeps(link: &Link, first: Moment, second: Moment) -> bool {
    let apart = second - first;
    link.min <= apart && apart <= link.max
}
