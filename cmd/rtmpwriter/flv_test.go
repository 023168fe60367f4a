package main

import (
	"errors"
	"io"
	"os"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// writeFLV writes the clip's video as an FLV file.
func writeFLV(name string) error {
	source, err := openClip()
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := flv.NewWriter(f, true, false)
	if err != nil {
		return err
	}
	header := flv.VideoTag{FrameType: flv.FrameKey, PacketType: flv.AVCSequenceHeader}
	err = w.WriteTag(flv.TagVideo, 0, header.AppendHeader(nil), source.Tracks()[0].Config)
	for err == nil {
		var p media.Packet
		if p, err = source.Next(); err != nil || p.Track != 0 {
			continue
		}
		tag := flv.VideoTag{FrameType: flv.FrameInter, PacketType: flv.AVCNALU, CompositionTime: int32(media.Milliseconds(p.PTS - p.DTS))}
		if p.Keyframe {
			tag.FrameType = flv.FrameKey
		}
		err = w.WriteTag(flv.TagVideo, uint32(media.Milliseconds(p.DTS)), tag.AppendHeader(nil), p.Data)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// writeStuck writes an FLV file that tells nothing of its tracks, longer than a
// pipe holds.
func writeStuck(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := flv.NewWriter(f, true, true)
	if err != nil {
		return err
	}
	return w.WriteTag(flv.TagScript, 0, make([]byte, 1<<18))
}
