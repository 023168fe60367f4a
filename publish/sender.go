package publish

import (
	"context"
	"slices"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// sender is the sending side of one session after the other. It lives in the
// goroutine of Run.
type sender struct {
	p        *Publisher
	conn     *rtmp.Conn
	timeline timeline
	// announced is the configuration whose sequence header each track has had
	// in this session.
	announced []*trackConfig
	metadata  []byte // the onMetaData sent last
	// measures are the rates seen; measured tells that they count.
	measures []measure
	measured bool
	message  rtmp.Message
	slice    [1][]byte // room for a payload of one slice
	batch    []*frame
	position time.Duration
	gathers  int // bytes that the next write gathers
	// unsent is the batch that the session ended under.
	unsent []*frame
	// gate holds back what comes before the keyframe that a session begins
	// with; popped is when a frame came last, video when one of video did.
	gate          bool
	shut          []*frame // held back of a batch
	popped, video time.Time
	data          sessionData
	// flushed is how many bytes the session had sent with its last batch;
	// released is when it was looked at what the server has: had, as by tells;
	// releasedAt what was flushed then.
	flushed    uint64
	released   time.Time
	releasedAt uint64
	had        uint64
	by         rtmp.Evidence
	acked      uint64 // bytes, by the peer's TCP or the server, when looked says
	client     uint64 // by the server
	looked     time.Time
	// acknowledges tells that the server of this session does.
	acknowledges bool
	pause        *time.Timer // of awaitProof
	// atEnd tells that all was sent and the session is being closed; farewells
	// counts the closes in a row that failed.
	atEnd     bool
	farewells int
	hand      handover
}

func newSender(p *Publisher) *sender {
	n := len(p.trackList())
	return &sender{p: p, announced: make([]*trackConfig, n), measures: make([]measure, n), pause: newPause(), gathers: gathered, hand: handover{p: p}}
}

func newPause() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// begin turns to another session: everything must be announced again, and time
// goes on or begins anew.
func (s *sender) begin(conn *rtmp.Conn) {
	s.conn, s.metadata = conn, nil
	s.flushed, s.atEnd, s.acknowledges = conn.Sent(), false, false
	s.acked, s.client, s.looked = 0, 0, time.Time{}
	s.releasedAt = s.flushed
	s.had, s.by = 0, rtmp.EvidenceNone
	s.p.mu.Lock()
	s.hand.present = s.p.present
	s.p.mu.Unlock()
	clear(s.announced)
	if !s.measured {
		clear(s.measures) // an outage is no part of a rate
	}
	if s.p.options.ReconnectRestartTime {
		s.timeline = timeline{}
	}
	s.gate = s.p.queue.hasGap() && s.p.videoTrack() >= 0
	if s.popped.Sub(s.video) < videoAway { // video comes, so it may come again
		s.video = time.Now()
	}
	s.beginData()
	s.askForAcknowledgements()
}

// abandon gives back the frames that a session ended under, and tells how many.
func (s *sender) abandon(why error) int {
	unsent := s.takeUnsent()
	s.p.queue.finished(unsent, why)
	return len(unsent)
}

func (s *sender) takeUnsent() (unsent []*frame) {
	unsent, s.unsent = s.unsent, nil
	return unsent
}

// loop sends until the queue has ended (nil), the session has (its error), or
// ctx has. Whatever it waits for wakes it as a frame does: to wait for one thing
// costs a fraction of waiting for several.
func (s *sender) loop(ctx context.Context) error {
	q := s.p.queue
	alarm := newAlarm(q)
	defer alarm.timer.Stop()
	defer context.AfterFunc(ctx, func() { signal(q.data) })()
	for {
		s.hand.look(ctx)
		if q.keeps() {
			if err := s.awaitProof(ctx); err != nil {
				return err
			}
		}
		batch, wait, end := q.pop(s.batch[:0], s.batchSize())
		s.batch = batch
		switch {
		case end:
			return s.restData()
		case len(batch) > 0:
			if err := s.sendOrHandOver(batch); err != nil {
				return err
			}
			continue
		}
		if wait == 0 {
			if err := s.restData(); err != nil {
				return err
			}
			wait = q.idle()
		}
		if q.keeps() && s.release(false) { // what the server has by now makes room
			wait = min(wait, releaseIdle)
		}
		alarm.within(wait)
		if err := s.over(ctx); err != nil {
			return err
		}
		<-q.data
	}
}

// over is why there is nothing more to be sent: the session's end or that of ctx.
func (s *sender) over(ctx context.Context) error {
	select {
	case <-s.conn.Done():
		return s.conn.Err()
	default:
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// sendOrHandOver sends a batch, or what of it comes before the frame that the next
// session begins with.
func (s *sender) sendOrHandOver(batch []*frame) error {
	if s.p.queue.spool != nil {
		batch = s.load(batch)
	}
	at := s.hand.due(batch)
	if at < 0 {
		return s.send(batch)
	}
	if err := s.send(batch[:at]); err != nil {
		s.unsent = append(s.unsent, batch[at:]...)
		return err
	}
	s.unsent = batch[at:]
	return errHandOver
}

// send puts a batch on the socket and gives the frames back. After an error
// they are unsent.
func (s *sender) send(batch []*frame) error {
	s.popped = time.Now()
	if slices.ContainsFunc(batch, isVideo) {
		s.video = s.popped
	}
	if s.gate {
		batch = s.fromKeyframe(batch)
	}
	if len(batch) == 0 {
		return nil
	}
	err := s.append(batch)
	bytes := uint64(s.conn.Pending())
	if err == nil {
		err = s.conn.Flush()
	}
	if err != nil {
		s.unsent = batch
		if ended := s.conn.Err(); ended != nil {
			err = ended // the server's last words say more than a broken pipe
		}
		return err
	}
	s.flushed = s.conn.Sent()
	s.gather(bytes, time.Since(s.popped))
	s.lookAtServer()
	s.p.counters.output(batch, s.position, s.acked, s.client)
	if !s.p.queue.keeps() {
		s.p.queue.finished(batch, nil)
		return nil
	}
	s.release(s.p.queue.sent(batch, s.flushed-bytes))
	return nil
}

func (s *sender) append(batch []*frame) error {
	for _, f := range batch {
		timestamp, composition := s.timeline.stamp(f.dts, f.pts)
		s.position = f.dts - s.timeline.base
		if s.announced[f.track] != f.config {
			if err := s.announce(f, timestamp); err != nil {
				return err
			}
		}
		if err := s.beforeFrame(f, timestamp); err != nil {
			return err
		}
		tag := flv.VideoTag{FrameType: flv.FrameInter, PacketType: flv.AVCNALU, CompositionTime: composition}
		if f.keyframe {
			tag.FrameType = flv.FrameKey
		}
		if err := s.appendTag(f.config, flv.AudioTag{PacketType: flv.AACRaw}, tag, timestamp, f.payload); err != nil {
			return err
		}
		if err := s.repeatData(f.after, timestamp); err != nil {
			return err
		}
		f.end = uint64(s.conn.Pending())
		if err := s.measureFrame(f, timestamp); err != nil {
			return err
		}
	}
	return nil
}
