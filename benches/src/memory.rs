//! Peak memory of the process, where the system tells (Linux).

use std::fs;

/// Lets the peak begin anew. Where that is not possible, peaks are those of the whole process.
pub(crate) fn forget_peak() {
    // 5 resets the peak resident set size: proc(5).
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Largest resident memory since the peak was forgotten, in megabytes of a million bytes.
pub(crate) fn peak_megabytes() -> Option<f64> {
    parse(&fs::read_to_string("/proc/self/status").ok()?)
}

fn parse(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_process_status() {
        assert_eq!(parse("VmPeak:\t 9 kB\nVmHWM:\t  125000 kB\nVmRSS:\t1 kB\n"), Some(128.0));
        assert_eq!(parse("VmHWM:\tmuch\n"), None);
    }
}
