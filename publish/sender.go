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
	// unsent is the batch that the session ended under.
	unsent []*frame
	// gate holds back what comes before the keyframe that a session begins
	// with; popped is when a frame came last, video when one of video did.
	gate          bool
	shut          []*frame // held back of a batch
	popped, video time.Time
	data          sessionData
	// flushed is how many bytes the session had sent with its last batch;
	// released is when it was looked at what the server has.
	flushed  uint64
	released time.Time
	// atEnd tells that all was sent and the session is being closed; farewells
	// counts the closes in a row that failed.
	atEnd     bool
	farewells int
}

func newSender(p *Publisher) *sender {
	n := len(p.trackList())
	return &sender{p: p, announced: make([]*trackConfig, n), measures: make([]measure, n)}
}

// begin turns to another session: everything must be announced again, and time
// goes on or begins anew.
func (s *sender) begin(conn *rtmp.Conn) {
	s.conn, s.metadata = conn, nil
	s.flushed, s.atEnd = conn.Stats().BytesSent, false
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
}

// abandon gives back the frames that a session ended under, and tells how many.
func (s *sender) abandon(why error) int {
	n := len(s.unsent)
	s.p.queue.finished(s.unsent, why)
	s.unsent = nil
	return n
}

// loop sends until the queue has ended (nil), the session has (its error), or
// ctx has.
func (s *sender) loop(ctx context.Context) error {
	limit := s.p.options.OutputPacketSize // 0: a write a message
	// One timer serves every bounded wait between tracks.
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		batch, wait, end := s.p.queue.pop(s.batch[:0], limit)
		s.batch = batch
		switch {
		case end:
			return s.restData()
		case len(batch) > 0:
			if err := s.send(batch); err != nil {
				return err
			}
			continue
		}
		if wait == 0 {
			if err := s.restData(); err != nil {
				return err
			}
			wait = time.Hour
		}
		if s.p.queue.keeps() && s.release() { // what the server has by now makes room
			wait = min(wait, releaseEvery)
		}
		timer.Reset(wait)
		select {
		case <-s.p.queue.data:
		case <-timer.C:
		case <-s.conn.Done():
			return s.conn.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// send puts a batch on the socket and gives the frames back. After an error
// they are unsent.
func (s *sender) send(batch []*frame) error {
	s.popped = time.Now()
	if slices.ContainsFunc(batch, isVideo) {
		s.video = s.popped
	}
	if s.p.queue.spool != nil {
		batch = s.load(batch)
	}
	if s.gate {
		batch = s.fromKeyframe(batch)
	}
	if len(batch) == 0 {
		return nil
	}
	err := s.append(batch)
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
	now := s.conn.Stats()
	s.flushed = now.BytesSent
	s.p.counters.output(batch, s.position, now.BytesAcknowledged)
	if !s.p.queue.keeps() {
		s.p.queue.finished(batch, nil)
		return nil
	}
	s.p.queue.sent(batch, s.flushed)
	s.release()
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
		if err := s.measureFrame(f, timestamp); err != nil {
			return err
		}
	}
	return nil
}

// announce sends what must go before f: metadata when it is new or changed, and
// the track's sequence header.
func (s *sender) announce(f *frame, timestamp uint32) error {
	s.announced[f.track] = f.config
	if err := s.announceMetadata(timestamp); err != nil {
		return err
	}
	s.slice[0] = f.config.record
	return s.appendTag(f.config, flv.AudioTag{PacketType: flv.AACSequenceHeader},
		flv.VideoTag{FrameType: flv.FrameKey, PacketType: flv.AVCSequenceHeader}, timestamp, s.slice[:])
}

// appendTag appends a message of a track: with the header of audio or that of
// video, as the track is.
func (s *sender) appendTag(c *trackConfig, audio flv.AudioTag, video flv.VideoTag, timestamp uint32, payload [][]byte) error {
	m := &s.message
	if c.codec.IsAudio() {
		m.Type, m.HeaderLen = rtmp.TypeAudio, len(audio.AppendHeader(m.Header[:0]))
	} else {
		m.Type, m.HeaderLen = rtmp.TypeVideo, len(video.AppendHeader(m.Header[:0]))
	}
	m.Timestamp, m.Payload = timestamp, payload
	return s.put()
}

// put appends the message, and sends it where each has its own write.
func (s *sender) put() error {
	err := s.conn.Append(&s.message)
	if err == nil && s.p.options.OutputPacketSize == 0 {
		err = s.conn.Flush()
	}
	return err
}
