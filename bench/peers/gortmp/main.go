// Command gortmp is go-rtmp's client as a publisher of the comparison.
package main

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"rtmpwriter/bench/drive"
	"rtmpwriter/bench/film"
)

func main() { drive.Main(open) }

type stream struct {
	client *rtmp.ClientConn
	stream *rtmp.Stream
}

func open(_ drive.Job, address string) (drive.Stream, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	s := &stream{}
	if s.client, err = rtmp.Dial("rtmp", u.Host, &rtmp.ConnConfig{}); err != nil {
		return nil, err
	}
	app, key, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	connect := &message.NetConnectionConnect{Command: message.NetConnectionConnectCommand{App: app, Type: "nonprivate", TCURL: address}}
	if err := s.client.Connect(connect); err != nil {
		return nil, err
	}
	const chunkSize = 65536
	if s.stream, err = s.client.CreateStream(nil, chunkSize); err != nil {
		return nil, err
	}
	return s, s.stream.Publish(&message.NetStreamPublish{PublishingName: key, PublishingType: "live"})
}

func (s *stream) Write(t film.Tag) error {
	if t.Kind == 8 {
		return s.stream.Write(5, t.Timestamp, &message.AudioMessage{Payload: bytes.NewReader(t.Body)})
	}
	return s.stream.Write(6, t.Timestamp, &message.VideoMessage{Payload: bytes.NewReader(t.Body)})
}

func (s *stream) Close() error { return s.client.Close() }
