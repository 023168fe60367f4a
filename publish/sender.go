package publish

import (
	"context"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/rtmp"
)

// maxBatch is how many bytes of frames go out in one vectored write. More
// saves nothing: the cost of a call is gone at 64 KiB.
const maxBatch = 256 << 10

// sender is the sending side of one session. It lives in the goroutine of Run.
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
}

func newSender(p *Publisher, conn *rtmp.Conn) *sender {
	n := len(p.trackList())
	return &sender{p: p, conn: conn, announced: make([]*trackConfig, n), measures: make([]measure, n)}
}

// loop sends until the queue has ended (nil), the session has (its error), or
// ctx has.
func (s *sender) loop(ctx context.Context) error {
	limit := maxBatch
	if s.p.options.OutputPacketSize == 0 {
		limit = 0 // a write a message
	}
	// One timer serves every bounded wait between tracks.
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		batch, wait, end := s.p.queue.pop(s.batch[:0], limit)
		s.batch = batch
		switch {
		case end:
			return nil
		case len(batch) > 0:
			if err := s.send(batch); err != nil {
				return err
			}
			continue
		}
		if wait == 0 {
			wait = time.Hour
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

// send puts a batch on the socket and gives the frames back.
func (s *sender) send(batch []*frame) error {
	err := s.append(batch)
	if err == nil {
		err = s.conn.Flush()
	}
	if err == nil {
		s.p.counters.output(batch, s.position, s.conn.Stats().BytesAcknowledged)
	} else {
		s.p.counters.dropped(len(batch))
		if ended := s.conn.Err(); ended != nil {
			err = ended // the server's last words say more than a broken pipe
		}
		s.p.end(err) // before anybody is told that the frames have left
	}
	s.p.queue.finished(batch, err)
	return err
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
	return s.conn.Append(m)
}
