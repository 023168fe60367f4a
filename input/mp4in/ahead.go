package mp4in

import "rtmpwriter/media"

const (
	// aheadSize is how much is read at once of small samples that lie one
	// behind the other: a chunk of audio or a second of a quiet picture. More
	// would save no call that is felt, but count in every stream of a server.
	aheadSize = 64 << 10
	// directSize is the sample size from which reading straight into the
	// packet is cheaper than copying it out of a larger read.
	directSize = 16 << 10
)

// ahead reads the samples of one track.
type ahead struct {
	f   *file
	buf []byte
	at  int64
	n   int
}

// sample returns the bytes of s, the last sample that c has returned.
func (a *ahead) sample(c *cursor, s sample) (*media.Buffer, error) {
	b := media.GetBuffer(int(s.size))
	if err := a.fill(b.B, c, s.at); err != nil {
		b.Release()
		return nil, err
	}
	return b, nil
}

// fill reads p from the place at.
func (a *ahead) fill(p []byte, c *cursor, at int64) error {
	size := int64(len(p))
	inside := at >= a.at && at+size <= a.at+int64(a.n)
	if !inside {
		if size >= directSize {
			return a.f.read(p, at)
		}
		if a.buf == nil {
			a.buf = make([]byte, aheadSize)
		}
		n := min(size+c.contiguous(aheadSize-size), a.f.size-at)
		a.n = 0
		if err := a.f.read(a.buf[:n], at); err != nil {
			return err
		}
		a.at, a.n = at, int(n)
	}
	copy(p, a.buf[at-a.at:])
	return nil
}
