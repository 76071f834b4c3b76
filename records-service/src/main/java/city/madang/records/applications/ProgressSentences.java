package city.madang.records.applications;

import city.madang.records.applications.ProgressView.Says;
import city.madang.records.applications.course.State;

/** What people are told about an application, in Korean and English. */
final class ProgressSentences {

    private ProgressSentences() {}

    static Says of(State state) {
        return switch (state) {
            case SUBMITTED -> say("신청이 접수되었습니다", "Your application has arrived");
            case DECIDING -> say("심사 중입니다", "Your application is under review");
            case ASKED -> say("담당자가 더 알고 싶은 것이 있습니다", "The officer needs to know more");
            case GRANTED -> say("승인되어 증서를 만들고 있습니다", "It is granted, and your record is being made");
            case SEALED -> say("증서가 발급되었습니다", "Your record is issued");
            case COMPLETED -> say("모두 끝났습니다", "Everything is done");
            case REFUSED -> say("승인되지 않았습니다", "It was refused");
            case WITHDRAWN -> say("신청을 취하했습니다", "You withdrew the application");
            case EXPIRED -> say("기한이 지나 신청이 끝났습니다", "The time ran out and the application ended");
            case REVOKING ->
                say("증명서를 발급할 수 없어 증서를 철회하고 있습니다", "The credential failed, and the record is being revoked");
            case FAILED -> say("처리할 수 없어 신청이 끝났습니다", "It could not be carried out and the application ended");
        };
    }

    static Says of(Entry.Kind kind) {
        return switch (kind) {
            case SUBMITTED -> say("신청했습니다", "The application was made");
            case PRESENTED -> say("증명서를 보여 주었습니다", "Credentials were shown");
            case PAID -> say("수수료를 냈습니다", "The fee was paid");
            case UNDER_REVIEW -> say("심사가 시작되었습니다", "The review began");
            case CLAIMED -> say("담당자가 정해졌습니다", "An officer took it");
            case RELEASED -> say("담당자를 다시 정합니다", "It waits for another officer");
            case ASKED -> say("담당자가 질문했습니다", "The officer asked");
            case ANSWERED -> say("질문에 답했습니다", "The question was answered");
            case GRANTED -> say("승인되었습니다", "It was granted");
            case REFUSED -> say("승인되지 않았습니다", "It was refused");
            case APPEALED -> say("이의를 신청했습니다", "The refusal was appealed against");
            case SEALED -> say("증서가 봉인되고 기록되었습니다", "The record was sealed and logged");
            case OFFERED -> say("증명서를 받을 수 있습니다", "The credential can be taken");
            case COMPLETED -> say("모두 끝났습니다", "Everything was done");
            case REVOKING -> say("증명서를 발급하지 못해 증서를 철회합니다", "The credential failed; the record is to be revoked");
            case WITHDRAWN -> say("신청을 취하했습니다", "The application was withdrawn");
            case EXPIRED -> say("기한이 지났습니다", "The time ran out");
            case FAILED -> say("처리하지 못하고 끝났습니다", "It could not be carried out and ended");
            case CLOSED -> say("결정이 확정되었습니다", "The decision became final");
            case BILL_CANCELLED -> say("청구가 취소되었습니다", "The bill was cancelled");
            case FEE_RETURNED -> say("수수료가 반환되었습니다", "The fee was returned");
        };
    }

    static Says say(String ko, String en) {
        return new Says(ko, en);
    }
}
