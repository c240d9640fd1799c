from celery import shared_task

from municipalities import mail


@shared_task
def send_mail(mail_id):
    mail.send(mail_id)


@shared_task
def send_waiting_mails():
    mail.send_waiting()
