//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"fmt"
	"io"

	rtmp "github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
)

// handler translates the library's callbacks, which all come from the
// connection's goroutine.
type handler struct {
	rtmp.DefaultHandler
	session
}

// OnConnect notes who asks for what.
func (h *handler) OnConnect(_ uint32, cmd *message.NetConnectionConnect) error {
	h.command("connect")
	h.asked = Stream{App: cmd.Command.App, ClientAgent: cmd.Command.FlashVer, TCURL: cmd.Command.TCURL}
	return nil
}

// OnReleaseStream notes the command.
func (h *handler) OnReleaseStream(uint32, *message.NetConnectionReleaseStream) error {
	h.command("releaseStream")
	return nil
}

// OnFCPublish notes the command.
func (h *handler) OnFCPublish(uint32, *message.NetStreamFCPublish) error {
	h.command("FCPublish")
	return nil
}

// OnCreateStream notes the command.
func (h *handler) OnCreateStream(uint32, *message.NetConnectionCreateStream) error {
	h.command("createStream")
	return nil
}

// OnPublish opens the stream. An error makes the library answer
// NetStream.Publish.Failed and close.
func (h *handler) OnPublish(_ *rtmp.StreamContext, _ uint32, cmd *message.NetStreamPublish) error {
	return h.begin(cmd.PublishingName, cmd.PublishingType)
}

// OnFCUnpublish notes the command; the end is what follows.
func (h *handler) OnFCUnpublish(uint32, *message.NetStreamFCUnpublish) error {
	h.command("FCUnpublish")
	return nil
}

// OnDeleteStream ends the stream.
func (h *handler) OnDeleteStream(uint32, *message.NetStreamDeleteStream) error {
	h.command("deleteStream")
	h.end(EndDeleteStream, nil)
	return nil
}

// OnUnknownCommandMessage sees closeStream, among others.
func (h *handler) OnUnknownCommandMessage(_ uint32, cmd *message.CommandMessage) error {
	h.command(cmd.CommandName)
	if cmd.CommandName == "closeStream" {
		h.end(EndCloseStream, nil)
	}
	return nil
}

// OnSetDataFrame takes metadata to be stored.
func (h *handler) OnSetDataFrame(timestamp uint32, data *message.NetStreamSetDataFrame) error {
	h.data(timestamp, data.Payload, true)
	return nil
}

// OnUnknownDataMessage takes the other data messages of dataNames.
func (h *handler) OnUnknownDataMessage(timestamp uint32, data *message.DataMessage) error {
	values, err := io.ReadAll(data.Body)
	if err != nil {
		return fmt.Errorf("data message %s: %w", data.Name, err)
	}
	h.data(timestamp, append(nameOf(data.Name), values...), false)
	return nil
}

// OnVideo takes a video message.
func (h *handler) OnVideo(timestamp uint32, payload io.Reader) error {
	body, err := io.ReadAll(payload)
	if err == nil {
		h.video(timestamp, body)
	}
	return err
}

// OnAudio takes an audio message.
func (h *handler) OnAudio(timestamp uint32, payload io.Reader) error {
	body, err := io.ReadAll(payload)
	if err == nil {
		h.audio(timestamp, body)
	}
	return err
}

// OnClose ends the stream if nothing did before.
func (h *handler) OnClose() { h.end(EndClosed, h.conn.reason()) }

// nameOf is the AMF0 string that the library has read off the body.
func nameOf(name string) []byte {
	return append([]byte{2, byte(len(name) >> 8), byte(len(name))}, name...)
}
