//go:build !linux && !windows && !darwin

package rtmp

import "time"

// setUnacknowledgedLimit leaves data that is not acknowledged to the system;
// the probes of keep-alive find a dead peer only while nothing is sent.
func setUnacknowledgedLimit(uintptr, time.Duration) error { return nil }
