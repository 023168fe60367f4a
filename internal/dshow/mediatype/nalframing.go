package mediatype

import "errors"

// Errors of samples; fixed values, since damaged streams have many.
var (
	errEmpty   = errors.New("the sample is empty")
	errNoNAL   = errors.New("no NAL unit in the sample")
	errFraming = errors.New("the sample has no start code, and lengths of NAL units do not add up to it")
)

// doubts is how many samples in a row make a certain framing uncertain again.
const doubts = 8

// nalFraming is how the NAL units of a stream are laid out, as far as its
// samples have told: see the package comment.
type nalFraming struct {
	size    int  // of the lengths; 0: start codes
	told    int  // size of the lengths that the type tells, else 0
	lengths bool // the type is AVC1
	certain bool
	misfits int // in a row
}

// read finds how a sample is laid out and follows it. bare tells a NAL unit that
// needs a start code.
func (f *nalFraming) read(sample []byte) (bare bool, err error) {
	size, certain, err := f.find(sample)
	if err != nil {
		if f.misfits++; f.misfits >= doubts {
			f.certain = false
		}
		return false, err
	}
	f.misfits = 0
	bare = size == bareNAL
	if bare {
		size = 0
	}
	f.certain = certain || f.certain && size == f.size
	f.size = size
	return bare, nil
}

// bareNAL stands for the size of lengths where there is not even a start code.
const bareNAL = -1

// find is the order of the package comment. It returns 0 for start codes.
func (f *nalFraming) find(sample []byte) (size int, certain bool, err error) {
	code := startCode(sample)
	if f.certain {
		if f.size == 0 && code != none || f.size > 0 && covers(sample, f.size, false) {
			return f.size, true, nil
		}
	}
	size = f.exactLengths(sample)
	begins := code != none && code < len(sample) && isNALHeader(sample[code])
	switch {
	case begins && code >= longCode:
		return 0, true, nil
	case size > 0:
		return size, !begins, nil
	case begins && !(f.certain && f.size > 0):
		return 0, true, nil
	case f.certain && f.size > 0:
	case f.size > 0 && covers(sample, f.size, false), f.size == 0 && code != none:
		return f.size, false, nil // an odd NAL unit, but laid out as the type says
	case f.size == 0 && isBare(sample):
		return bareNAL, false, nil
	}
	return 0, false, errFraming
}

// exactLengths is the size of the lengths that cover the sample, 0 when none do.
func (f *nalFraming) exactLengths(sample []byte) int {
	for _, size := range [...]int{f.size, f.told, 4} {
		if size > 0 && covers(sample, size, true) {
			return size
		}
	}
	if f.certain || !f.lengths && isBare(sample) {
		return 0
	}
	for _, size := range [...]int{2, 1} {
		if covers(sample, size, true) {
			return size
		}
	}
	return 0
}
