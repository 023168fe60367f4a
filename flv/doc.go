// Package flv reads and writes FLV: the bodies of audio and video tags, which
// RTMP messages carry too, the AVCDecoderConfigurationRecord, onMetaData, and
// whole files.
//
// Bodies are those of legacy FLV with H.264 and AAC. Of every other coding,
// Enhanced RTMP included, the package tells the name.
//
// Parsed values alias the bytes they were parsed from.
package flv
