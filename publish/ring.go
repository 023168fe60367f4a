package publish

// ring is a first-in first-out list of frames that reuses its memory.
type ring struct {
	slots []*frame
	head  int
	n     int
}

func (r *ring) len() int { return r.n }

func (r *ring) push(f *frame) {
	r.grow()
	r.slots[(r.head+r.n)%len(r.slots)] = f
	r.n++
}

// pushFront puts f before all others.
func (r *ring) pushFront(f *frame) {
	r.grow()
	r.head = (r.head + len(r.slots) - 1) % len(r.slots)
	r.slots[r.head] = f
	r.n++
}

// grow makes room for one more.
func (r *ring) grow() {
	if r.n < len(r.slots) {
		return
	}
	grown := make([]*frame, max(16, 2*r.n))
	for i := range r.n {
		grown[i] = r.at(i)
	}
	r.slots, r.head = grown, 0
}

// at is the i-th frame from the front.
func (r *ring) at(i int) *frame { return r.slots[(r.head+i)%len(r.slots)] }

// remove takes the i-th frame from the front out; those behind it move up.
func (r *ring) remove(i int) *frame {
	f := r.at(i)
	if i == 0 {
		return r.pop()
	}
	for ; i < r.n-1; i++ {
		r.slots[(r.head+i)%len(r.slots)] = r.at(i + 1)
	}
	r.slots[(r.head+r.n-1)%len(r.slots)] = nil
	r.n--
	return f
}

func (r *ring) pop() *frame {
	f := r.slots[r.head]
	r.slots[r.head] = nil
	r.head = (r.head + 1) % len(r.slots)
	r.n--
	return f
}
