package advice

import "time"

// Sample is what the engine measures, about every 250 ms. Rates are bits per
// second over the last second, with all that RTMP adds or without: what matters is
// that Input and Sent count alike.
type Sample struct {
	// Time is since the session's begin. A sample that is not later than the one
	// before is ignored.
	Time time.Duration
	// Input is what the encoders deliver, Audio the sound's part of it.
	Input, Audio int64
	// Sent is what went out.
	Sent int64
	// Backlog is the age of the oldest frame that waits in the application or
	// unsent in the socket.
	Backlog time.Duration
	// RTT is the smoothed round-trip time, MinRTT the smallest; 0: not known.
	RTT, MinRTT time.Duration
	// DeliveryRate is the socket's estimate; 0: not known.
	DeliveryRate int64
	// Dropped counts the frames dropped for want of room, in all.
	Dropped uint64
	// Connected tells whether a session stands.
	Connected bool
	// CatchingUp tells that the backlog is an outage's: its age says nothing of
	// the encoder's rate.
	CatchingUp bool
}

// Reason tells why the target changed.
type Reason uint8

// The reasons.
const (
	// None: the link has never limited the encoder.
	None Reason = iota
	// Congestion: more comes than the link carries.
	Congestion
	// Outage: nothing moves, or the connection broke under congestion.
	Outage
	// CatchUp: what waited in an outage needs room.
	CatchUp
	// Recovery: what waited is gone; back to just below what the link carried.
	Recovery
	// Probe: calm for long enough to try a little more.
	Probe
)

// String is the reason as doors show it, in lower case.
func (r Reason) String() string {
	switch r {
	case Congestion:
		return "congestion"
	case Outage:
		return "outage"
	case CatchUp:
		return "catch-up"
	case Recovery:
		return "recovery"
	case Probe:
		return "probe"
	default:
		return "none"
	}
}

// Advice is what to tell the encoder.
type Advice struct {
	// Target is the bit rate for the video encoder in bits per second. The sound
	// has its room beside it.
	Target int64
	// Reason tells why it is not what it was.
	Reason Reason
}

// Config bounds the target.
type Config struct {
	// Floor in bits per second is the lowest target; below 1: DefaultFloor.
	Floor int64
	// Ceiling in bits per second is the highest; below 1: the highest rate of
	// video seen so far. A ceiling below the floor is the floor.
	Ceiling int64
}

// DefaultFloor in bits per second is what a small picture needs.
const DefaultFloor = 100_000
