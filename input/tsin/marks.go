package tsin

// mark is the time of a PES packet and the place in the elementary stream
// where its payload begins.
type mark struct {
	at int64
	stamp
}

// maxMarks bounds the times that are kept: a unit in more PES packets than that
// has none. Without a bound a stream that shows no unit at all would let them
// grow for as long as it runs.
const maxMarks = 1024

// marks are the times that no unit has taken yet. A time belongs to the first
// unit that begins in its PES packet (2.4.3.7).
type marks struct{ list []mark }

func (m *marks) add(at int64, s stamp) {
	if !s.known {
		return
	}
	if n := len(m.list); n > 0 && m.list[n-1].at == at { // an empty PES packet
		s.jump = s.jump || m.list[n-1].jump
		m.list[n-1] = mark{at, s}
		return
	}
	if len(m.list) == maxMarks {
		m.dropHalf()
	}
	m.list = append(m.list, mark{at, s})
}

// dropHalf forgets the older half. A jump that it announced is still one.
func (m *marks) dropHalf() {
	old, kept := m.list[:maxMarks/2], m.list[maxMarks/2:]
	for _, o := range old {
		kept[0].jump = kept[0].jump || o.jump
	}
	m.list = m.list[:copy(m.list, kept)]
}

// take is the time of the unit that begins at the place at.
func (m *marks) take(at int64) (s stamp) {
	n := 0
	for n < len(m.list) && m.list[n].at <= at {
		jump := s.jump
		s = m.list[n].stamp
		s.jump = s.jump || jump
		n++
	}
	m.list = m.list[:copy(m.list, m.list[n:])]
	return s
}

func (m *marks) clear() { m.list = m.list[:0] }
