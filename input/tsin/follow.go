package tsin

// follow takes the program tables as they are now: the first time to choose
// the program, later to go on where its PIDs have changed.
func (s *Source) follow() {
	if s.pes != [2]*pesReader{} {
		if pmt := s.tables.known[s.program.number]; pmt != nil {
			if p, err := choose(pmt); err == nil {
				s.retarget(p)
			}
		}
		return
	}
	var refused error
	for _, n := range s.tables.order {
		pmt := s.tables.known[n]
		if pmt == nil {
			continue
		}
		p, err := choose(pmt)
		if err == nil {
			s.start(p)
			return
		}
		if refused == nil {
			refused = err
		}
	}
	if refused != nil && !s.tables.missing() {
		s.out.fail(refused)
	}
}

// start begins to read a program.
func (s *Source) start(p program) {
	s.program = p
	s.out.video, s.out.audio = 0, 1
	if p.video != 0 {
		s.video = &video{out: &s.out, clock: trackClock{clock: &s.clock}}
		s.pes[0] = newPESReader(p.video, s.video)
	}
	if p.audio != 0 {
		s.audio = &audio{out: &s.out, clock: trackClock{clock: &s.clock}}
		s.pes[1] = newPESReader(p.audio, s.audio)
	}
}

// retarget goes on with other PIDs for the same tracks.
func (s *Source) retarget(p program) {
	for i, pid := range []uint16{p.video, p.audio} {
		if r := s.pes[i]; r != nil && pid != 0 && pid != r.pid {
			r.finish()
			s.pes[i] = newPESReader(pid, r.sink)
		}
	}
}
