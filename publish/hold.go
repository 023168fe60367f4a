package publish

import (
	"time"

	"rtmpwriter/rtmp"
)

// hold is what the queue holds for an outage (outage-buffer): what is on the
// socket and may not have reached the server, and, in an outage, whatever comes.
type hold struct {
	span   time.Duration // of stream; 0: nothing is held
	memory int           // bytes, of what waits, and as much of what is on its way
	newest bool          // a new session begins with the newest keyframe (outage-mode live)
	// sent are the frames that the server may not have, in the order of sending.
	// They begin with the last keyframe that it surely has: a new session must
	// begin with one.
	sent      ring
	sentBytes int
	pictures  int // of sent
	// torn tells that they do not, since there was no room for so much; blind that
	// nothing tells what the server has.
	torn, blind bool
	// forgotten counts the frames let go for want of room without proof that the
	// server has them; forgottenEnd is where the last of them ended.
	forgotten    int
	forgottenEnd uint64
	spare        []*frame // room for what is let go
	catchUp      catchUp
}

// holds tells that frames are held for an outage.
func (q *queue) holds() bool { return q.hold.span > 0 }

// keeps tells that what was sent is held too.
func (q *queue) keeps() bool { return q.holds() && !q.hold.newest }

// extended tells that the bounds of an outage hold rather than those of the
// output buffer: in one, until its backlog is sent, and where an outage may be
// under way that nobody knows of.
func (q *queue) extended() bool {
	return q.holds() && (q.offline || q.hold.catchUp.on || q.unsure())
}

// unsure tells that a full output buffer may be the beginning of an outage: one
// mostly shows itself by a server that takes nothing more, and a reset or a timeout
// comes seconds later. Without live mode nothing is lost then, since writers wait;
// and who wants late frames dropped has said so.
func (q *queue) unsure() bool {
	return q.live && q.limit > 0 && q.keeps() && q.latency == 0 && q.mode == OverflowNoDrop
}

// sent is finished for frames that may be needed again. before is how many bytes
// the session had sent before the batch; the end of each frame is counted from there.
// crowded tells that there is not room for so much, and release is due.
func (q *queue) sent(batch []*frame, before uint64) (crowded bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range batch {
		q.leave(f, true)
		f.end += before
		q.hold.sent.push(f)
		q.hold.sentBytes += f.size
		if isVideo(f) {
			q.hold.pictures++
		}
	}
	q.sending -= len(batch)
	q.wakeForRoom()
	q.tellIdle()
	return q.crowded()
}

// attach keeps a data message with the frame that was sent last: where that is
// sent again, so is the message.
func (q *queue) attach(body []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := q.hold.sent.len(); n > 0 {
		last := q.hold.sent.at(n - 1)
		last.after = append(last.after, body)
	}
}

// release lets go of what the server surely has, given how many bytes of the
// session it has, and of what there is no room for. It tells whether some of what
// is left may go later.
func (q *queue) release(had uint64, by rtmp.Evidence) (left bool) {
	q.mu.Lock()
	h, n := &q.hold, 0
	h.blind = by == rtmp.EvidenceNone
	for i := 0; i < h.sent.len() && h.sent.at(i).end <= had; i++ {
		switch {
		case q.begins(h.sent.at(i)):
			n, h.torn = i, false
		case h.pictures == 0: // sound alone needs nothing from before
			n = i
		}
	}
	if had >= h.forgottenEnd {
		h.forgotten = 0
	}
	free := h.letGo(n, h.spare[:0])
	for q.crowded() {
		n, h.torn = q.nextBeginning(had)
		for i := range n {
			if end := h.sent.at(i).end; end > had {
				h.forgotten, h.forgottenEnd = h.forgotten+1, end
			}
		}
		free = h.letGo(n, free)
	}
	h.spare = free
	left = h.sent.len() > 0 && h.sent.at(h.sent.len()-1).end > had
	q.mu.Unlock()
	q.giveBackAll(free)
	clear(free)
	return left
}

// begins tells whether a session can begin with f.
func (q *queue) begins(f *frame) bool { return f.keyframe && (isVideo(f) || !q.video) }

// nextBeginning is the place of the next frame sent that a session can begin
// with. Without any it is that of the first frame that the server may not have: sound
// needs no other. Where it has none of them, it is the end of all.
func (q *queue) nextBeginning(had uint64) (place int, none bool) {
	n := q.hold.sent.len()
	for i := range n {
		f := q.hold.sent.at(i)
		if i > 0 && q.begins(f) {
			return i, false
		}
		if f.end <= had {
			place = i + 1
		}
	}
	if place == 0 {
		place = n
	}
	return place, true
}

// hardMemory is how many bytes more than the memory for it a group of pictures may
// take that the server has in part: without the whole of it the next session could
// not go on.
const hardMemory = 32 << 20

// crowded tells that more of what was sent is held than may be. What is on its way
// is within the memory for it already (awaitProof), unless nothing tells what the
// server has.
func (q *queue) crowded() bool {
	h := &q.hold
	n, most := h.sent.len(), h.memory
	if !h.blind {
		most += hardMemory
	}
	return n > 0 && (h.sentBytes > most || n*minFrame > most || q.between(h.sent.at(0), h.sent.at(n-1)) > h.span)
}

// letGo moves the first n frames sent behind list.
func (h *hold) letGo(n int, list []*frame) []*frame {
	for range n {
		f := h.sent.pop()
		h.sentBytes -= f.size
		if isVideo(f) {
			h.pictures--
		}
		list = append(list, f)
	}
	return list
}

// forget lets go of all that was sent.
func (q *queue) forget() {
	q.mu.Lock()
	h := &q.hold
	free := h.letGo(h.sent.len(), nil)
	h.torn, h.forgotten, h.forgottenEnd = false, 0, 0
	q.mu.Unlock()
	q.giveBackAll(free)
}

// rewound is what a rewind came to, in frames.
type rewound struct {
	audio, video int // taken back that counted as sent
	resent       int // of the batch under way, sent in part, and sent before
	forgotten    int // not held any more, and perhaps not with the server
}

// rewind puts what the lost session may not have brought to the server back
// before what waits: what was sent, and the batch under way. partly tells that
// some of that batch was sent. had is what the server has for sure.
func (q *queue) rewind(unsent []*frame, partly bool, had uint64, by rtmp.Evidence) (r rewound) {
	q.release(had, by)
	q.mu.Lock()
	defer q.mu.Unlock()
	h := &q.hold
	all := h.letGo(h.sent.len(), nil)
	for _, f := range all {
		q.bytes += f.size
		q.frames++
		f.again = true
		if isVideo(f) {
			r.video++
		} else {
			r.audio++
		}
	}
	for _, f := range unsent {
		q.sendingBytes -= f.size
		if f.again && partly {
			r.resent++
		}
		f.again = f.again || partly
	}
	q.sending -= len(unsent)
	all = append(all, unsent...)
	for i := len(all) - 1; i >= 0; i-- {
		q.tracks[all[i].track].frames.pushFront(all[i])
	}
	q.gap = q.gap || h.torn
	r.forgotten = h.forgotten
	h.torn, h.forgotten, h.forgottenEnd = false, 0, 0
	return r
}

// outage tells for the statistics how long the oldest frame has waited, and how
// many are held that were sent.
func (q *queue) outage(now time.Time) (backlog time.Duration, kept int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.age(now), q.hold.sent.len()
}
