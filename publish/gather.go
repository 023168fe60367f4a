package publish

import "time"

const (
	// gathered is how many bytes of what waits go out in one write, where nobody
	// wants late frames dropped: what is in a write cannot be.
	gathered = 128 << 10
	// gatherTime bounds how long such a write takes on a slow network: the statistics
	// and the advice look at it between two.
	gatherTime = 50 * time.Millisecond
)

// batchSize is how many bytes are gathered at least when more is waiting; 0: a
// write a message.
func (s *sender) batchSize() int {
	o := &s.p.options
	if o.OutputPacketSize == 0 || o.LiveMode || o.BitrateAdvice {
		return o.OutputPacketSize
	}
	return max(o.OutputPacketSize, s.gathers)
}

// gather finds how much the next write may gather, from how long the last one took.
func (s *sender) gather(bytes uint64, took time.Duration) {
	s.gathers = gathered
	if took > gatherTime {
		s.gathers = min(gathered, int(float64(bytes)*float64(gatherTime)/float64(took)))
	}
}
