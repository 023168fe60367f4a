// Command lal is lal's push session as a publisher of the comparison.
package main

import (
	"github.com/q191201771/lal/pkg/base"
	"github.com/q191201771/lal/pkg/rtmp"
	"github.com/q191201771/naza/pkg/nazalog"

	"rtmpwriter/bench/drive"
	"rtmpwriter/bench/film"
)

func main() {
	_ = nazalog.Init(func(o *nazalog.Option) { o.Level = nazalog.LevelError })
	drive.Main(open)
}

type stream struct{ session *rtmp.PushSession }

func open(_ drive.Job, url string) (drive.Stream, error) {
	s := &stream{rtmp.NewPushSession()}
	return s, s.session.Push(url)
}

func (s *stream) Write(t film.Tag) error {
	h := base.RtmpHeader{Csid: rtmp.CsidVideo, MsgLen: uint32(len(t.Body)), MsgTypeId: t.Kind, MsgStreamId: rtmp.Msid1, TimestampAbs: t.Timestamp}
	if t.Kind == 8 {
		h.Csid = rtmp.CsidAudio
	}
	return s.session.Write(rtmp.Message2Chunks(t.Body, &h))
}

func (s *stream) Close() error {
	if err := s.session.Flush(); err != nil {
		return err
	}
	return s.session.Dispose()
}
