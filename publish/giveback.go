package publish

// giveBackAll gives frames back to their owners, then to the pool.
// Those that the spooler has too are left to it.
func (q *queue) giveBackAll(frames []*frame) int {
	n := len(frames)
	if q.spool != nil {
		frames = q.leaveToSpooler(frames)
	}
	for _, f := range frames {
		f.reset()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range frames {
		q.pool.put(f)
	}
	return n
}

func (q *queue) leaveToSpooler(frames []*frame) (others []*frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	others = frames[:0]
	for _, f := range frames {
		if f.disk.shared() {
			f.disk = diskLeft
			signal(q.spool.wake) // it may have nothing else to do
		} else {
			others = append(others, f)
		}
	}
	return others
}
